// Runs before the first paint: a remembered theme never flashes, and what a late reading has to say moves nothing.
{
  const page = document.documentElement;
  let kept = "";
  try {
    kept = localStorage.getItem("gatefold-theme") ?? "";
  } catch {
    // Storage can be refused; the site's own theme then holds.
  }
  if (kept === "auto" || kept === "light" || kept === "dark") {
    page.dataset.theme = kept;
    const [scheme] = document.getElementsByName("color-scheme");
    scheme?.setAttribute("content", kept === "auto" ? "light dark" : kept);
    const ground = document.querySelector(`meta[name="theme-color"][media*="${kept}"]`)?.getAttribute("content");
    for (const meta of ground ? document.getElementsByName("theme-color") : []) meta.setAttribute("content", ground ?? "");
  }
  if (Date.now() - Date.parse(page.dataset.read ?? "") > 6 * 60 * 60_000) page.dataset.late = "";
}
