// Runs before the first paint: a remembered theme or view never flashes, and what a late reading has to say moves nothing.
{
  const page = document.documentElement;
  const kept = (/** @type {string} */ name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // Storage can be refused; the site's own choice then holds.
    }
  };
  const theme = kept("gatefold-theme");
  if (theme === "auto" || theme === "light" || theme === "dark") {
    page.dataset.theme = theme;
    const [scheme] = document.getElementsByName("color-scheme");
    scheme?.setAttribute("content", theme === "auto" ? "light dark" : theme);
    const ground = document.querySelector(`meta[name="theme-color"][media*="${theme}"]`)?.getAttribute("content");
    for (const meta of ground ? document.getElementsByName("theme-color") : []) meta.setAttribute("content", ground ?? "");
  }
  page.dataset.view = kept("gatefold-view") === "covers" ? "covers" : "rows";
  page.toggleAttribute("data-asked", location.search !== "");
  if (Date.now() - Date.parse(page.dataset.read ?? "") > 6 * 60 * 60_000) page.dataset.late = "";
}
