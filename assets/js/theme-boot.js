// Runs before the first paint, so that a remembered theme never flashes. A browser without storage keeps the site's own.
try {
  document.documentElement.dataset.theme = localStorage.getItem("gatefold-theme") ?? document.documentElement.dataset.theme;
} catch {}
// The same for the list's view: rows or covers.
try {
  document.documentElement.dataset.view = localStorage.getItem("gatefold-view") === "covers" ? "covers" : "rows";
} catch {}
