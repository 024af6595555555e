/** The list as List.js makes it: its search, its filter, its pages. It counts no values of facets. */

import { mountFacets, passes, rows } from "./facets.js";

const SHOWN = 25;
const FIELDS = ["credit", "title", "label", "number", "year"];
const ITEM = `<li class="row"><span class="cover"><img class="thumb" alt="" width="150" height="150" loading="lazy" decoding="async"></span>
<div class="row-name"><p class="row-title title"></p><p class="row-credit credit"></p></div>
<div class="row-facts"><p class="row-format formats"></p><p class="row-label"><span class="label"></span> <span class="number"></span></p></div>
<div class="row-dates"><p class="row-year year"></p><p class="row-added added"></p></div>
<a class="row-link url">Discogs</a></li>`;

const names = [...FIELDS, "formats", "added", { data: ["instance"] }];
const attributes = [
  { name: "url", attr: "href" },
  { name: "thumb", attr: "src" },
];
const options = { item: ITEM, listClass: "rows", page: SHOWN, pagination: true, valueNames: [...names, ...attributes] };
const list = new List("list", options, rows);
const search = document.querySelector("input[type=search]");
const status = document.querySelector("[role=status]");

list.on("updated", say);
search.addEventListener("input", () => list.search(search.value, FIELDS));
mountFacets(() => list.filter((item) => passes(item.values())));
say();
document.querySelector("main").dataset.ready = "";

function say() {
  status.textContent = `${list.matchingItems.length} of ${rows.length} records`;
}
