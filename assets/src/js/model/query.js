/** The query: the visitor's choice. It lives in the page's address and nowhere else. */

/** @typedef {string} FacetName */
/** @typedef {{ included: readonly string[], excluded: readonly string[], required: readonly string[] }} Choice */
/** @typedef {"included" | "excluded" | "required"} Side */
/** @typedef {{ facets: readonly FacetName[], sorts: readonly string[], views: readonly string[] }} Grammar the facets of an address, and its sorts and views, the default first */

/**
 * @typedef {object} Query
 * @property {Grammar} grammar
 * @property {Readonly<Record<FacetName, Choice>>} choices
 * @property {string} search
 * @property {string} sort
 * @property {number} page from 1
 * @property {string} view "" for the visitor's last choice
 */

/**
 * @typedef {object} Settings the settings of the list, embedded in the page (generator/derive/facets.py)
 * @property {number} page_size
 * @property {number} picks the most that Random shows
 * @property {number} printed the most that are printed
 * @property {number} facet_short values of a facet that are shown at first
 * @property {number} facet_long a facet with more values can be searched
 * @property {number} facet_found the most values that such a search shows
 * @property {Record<string, string[]>} sorts the keys of each
 */

/**
 * The query in the search part of an address. Anything else in it is ignored.
 * @param {string} address
 * @param {Grammar} grammar
 * @returns {Query}
 */
export function parsedQuery(address, grammar) {
  const parameters = new URLSearchParams(address);
  /** @param {string} name */
  const last = (name) => parameters.getAll(name).at(-1) ?? "";
  return {
    grammar,
    choices: Object.fromEntries(grammar.facets.map((facet) => [facet, choice(parameters.getAll(facet))])),
    search: last("q"),
    sort: grammar.sorts.find((sort) => sort === last("sort")) ?? defaultSort(grammar),
    page: pageNumber(last("page")),
    view: grammar.views.find((view) => view === last("view")) ?? "",
  };
}

/** @param {Grammar} grammar */
function defaultSort({ sorts }) {
  return sorts[0] ?? "";
}

/**
 * The query that shows everything, in the same view.
 * @param {Query} query any other
 */
export function cleared({ grammar, view }) {
  return { ...parsedQuery("", grammar), view };
}

/**
 * The shortest address of a query: defaults are left out, and nothing at all is "".
 * @param {Query} query
 */
export function address(query) {
  const parameters = new URLSearchParams();
  for (const [facet, { included, excluded, required }] of Object.entries(query.choices)) {
    for (const value of included) parameters.append(facet, escaped(value));
    for (const value of excluded) parameters.append(facet, `-${escaped(value)}`);
    for (const value of required) parameters.append(facet, `+${escaped(value)}`);
  }
  if (query.search.trim() !== "") parameters.append("q", query.search);
  if (query.sort !== defaultSort(query.grammar)) parameters.append("sort", query.sort);
  if (query.page !== 1) parameters.append("page", String(query.page));
  if (query.view !== "" && query.view !== query.grammar.views[0]) parameters.append("view", query.view);
  const text = parameters.toString();
  return text && `?${text}`;
}

/**
 * The query with a value added on one side, or removed where it was there already.
 * @param {Query} query
 * @param {FacetName} facet
 * @param {string} value
 * @param {Side} side
 * @returns {Query}
 */
export function toggled(query, facet, value, side) {
  const before = query.choices[facet] ?? NOTHING;
  const was = before[side].includes(value);
  const rest = without(before, value);
  const choice = was ? rest : { ...rest, [side]: [...rest[side], value] };
  return changed(query, { choices: { ...query.choices, [facet]: choice } });
}

/**
 * The query in which the chosen values of a facet are all required, or any of them is enough.
 * @param {Query} query
 * @param {FacetName} facet
 * @param {boolean} all
 * @returns {Query}
 */
export function matching(query, facet, all) {
  const { included, excluded, required } = query.choices[facet] ?? NOTHING;
  const chosen = [...included, ...required];
  const choice = { included: all ? [] : chosen, excluded, required: all ? chosen : [] };
  return changed(query, { choices: { ...query.choices, [facet]: choice } });
}

/**
 * The query with some of it replaced. Any change but of the page and the view goes back to page 1.
 * @param {Query} query
 * @param {Partial<Query>} change
 * @returns {Query}
 */
export function changed(query, change) {
  return { ...query, ...("view" in change ? {} : { page: 1 }), ...change };
}

/**
 * @typedef {object} Constraint one thing that narrows the result
 * @property {FacetName | "search"} kind
 * @property {Side} side
 * @property {string} value
 * @property {Query} without the same query without it
 */

/**
 * Everything that narrows the result, in the order of the address.
 * @param {Query} query
 * @returns {Constraint[]}
 */
export function constraints(query) {
  /** @type {Constraint[]} */
  const found = [];
  for (const [kind, choice] of Object.entries(query.choices)) {
    for (const side of /** @type {const} */ (["included", "excluded", "required"])) {
      for (const value of choice[side]) {
        found.push({ kind, side, value, without: toggled(query, kind, value, side) });
      }
    }
  }
  const value = query.search.trim();
  if (value !== "") {
    found.push({ kind: "search", side: "included", value, without: changed(query, { search: "" }) });
  }
  return found;
}

/** @type {Choice} */
export const NOTHING = { included: [], excluded: [], required: [] };

/** @type {Record<string, Side>} */
const SIDES = { "-": "excluded", "+": "required" };

/**
 * The values of a facet: `-` excludes and `+` requires; `\` in front of such a sign makes it a part of the value.
 * @param {string[]} values
 * @returns {Choice}
 */
function choice(values) {
  const found = { included: new Set(), excluded: new Set(), required: new Set() };
  for (const value of values) {
    const side = SIDES[value.charAt(0)];
    const rest = side ? value.slice(1) : value;
    const plain = rest.startsWith("\\") ? rest.slice(1) : rest;
    if (plain !== "") found[side ?? "included"].add(plain);
  }
  return { included: [...found.included], excluded: [...found.excluded], required: [...found.required] };
}

/**
 * The search part of an address with one value of one facet.
 * @param {FacetName} facet
 * @param {string} value
 */
export function facetLink(facet, value) {
  return `?${new URLSearchParams([[facet, escaped(value)]])}`;
}

/** @param {string} value */
function escaped(value) {
  return /^[-+\\]/.test(value) ? `\\${value}` : value;
}

/**
 * @param {Choice} choice
 * @param {string} value
 * @returns {Choice}
 */
function without({ included, excluded, required }, value) {
  const others = /** @param {readonly string[]} values */ (values) => values.filter((other) => other !== value);
  return { included: others(included), excluded: others(excluded), required: others(required) };
}

/** @param {string} text */
function pageNumber(text) {
  return /^[0-9]+$/.test(text) ? Math.max(1, Number(text)) : 1;
}
