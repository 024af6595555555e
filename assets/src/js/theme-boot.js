// Runs before the first paint, so that a stored theme or view never flashes and the note about an old sync moves nothing.
{
  const root = document.documentElement;
  const stored = (/** @type {string} */ name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // Storage can be refused; the site's own choice then holds.
    }
  };
  const theme = stored("gatefold-theme");
  if (theme === "auto" || theme === "light" || theme === "dark") {
    root.dataset.theme = theme;
    const [scheme] = document.getElementsByName("color-scheme");
    scheme?.setAttribute("content", theme === "auto" ? "light dark" : theme);
    const ground = document.querySelector(`meta[name="theme-color"][media*="${theme}"]`)?.getAttribute("content");
    for (const meta of ground ? document.getElementsByName("theme-color") : []) meta.setAttribute("content", ground ?? "");
  }
  const asked = new URLSearchParams(location.search).getAll("view").at(-1);
  const views = ["rows", "covers", "wall"];
  root.dataset.view = views.find((view) => view === asked) ?? views.find((view) => view === stored("gatefold-view")) ?? "rows";
  root.dataset.rows = stored("gatefold-rows") === "comfortable" ? "comfortable" : "compact";
  root.toggleAttribute("data-query", location.search !== "");
  if (Date.now() - Date.parse(root.dataset.synced ?? "") > 6 * 60 * 60_000) root.dataset.late = "";
}
