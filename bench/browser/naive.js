/** The list as one writes it first: plain objects, every one asked at every key, new elements for what is found. */

import { chosen, facets, mountFacets, passes, rows } from "./facets.js";

const SHOWN = 25;
const FIELDS = ["credit", "title", "label", "number", "year"];
const search = document.querySelector("input[type=search]");
const list = document.querySelector("[data-results]");
const status = document.querySelector("[role=status]");
const writeNumbers = mountFacets(show);
search.addEventListener("input", show);
show();
document.querySelector("main").dataset.ready = "";

function show() {
  const sought = search.value.toLowerCase();
  const named = rows.filter((row) => FIELDS.some((field) => row[field].toLowerCase().includes(sought)));
  const found = named.filter((row) => passes(row));
  status.textContent = `${found.length} of ${rows.length} records`;
  list.replaceChildren(...found.slice(0, SHOWN).map(lineOf));
  const numbers = new Map(facets.map(({ name }) => [name, numbered(name, named)]));
  writeNumbers((name, value) => numbers.get(name).get(value) ?? 0);
}

/** How many records each value of a facet would leave. */
function numbered(name, named) {
  const others = chosen.size > 0 ? named.filter((row) => passes(row, name)) : named;
  const numbers = new Map();
  for (const row of others) {
    for (const value of row[name]) numbers.set(value, (numbers.get(value) ?? 0) + 1);
  }
  return numbers;
}

function lineOf(row) {
  const item = made("li", "row");
  const cover = made("span", "cover");
  const name = made("div", "row-name");
  const facts = made("div", "row-facts");
  const dates = made("div", "row-dates");
  const link = made("a", "row-link", "Discogs");
  item.dataset.instance = row.instance;
  link.href = row.url;
  if (row.thumb) {
    const image = made("img", "");
    Object.assign(image, { alt: "", decoding: "async", height: 150, loading: "lazy", src: row.thumb, width: 150 });
    cover.append(image);
  }
  name.append(made("p", "row-title", row.title), made("p", "row-credit", row.credit));
  facts.append(made("p", "row-format", row.formats), made("p", "row-label", `${row.label} ${row.number}`));
  dates.append(made("p", "row-year", row.year), made("p", "row-added", row.added));
  item.append(cover, name, facts, dates, link);
  return item;
}

function made(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
