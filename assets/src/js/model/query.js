/** The query: what the visitor asks for. It lives in the page's address and nowhere else. */

/** @typedef {"genre" | "style" | "format" | "decade"} FacetName */
/** @typedef {{ included: readonly string[], excluded: readonly string[] }} Choice */
/** @typedef {Record<FacetName, Choice>} Choices */
/** @typedef {"added" | "added-asc" | "artist" | "artist-desc" | "title" | "year" | "year-desc"} Sort */
/** @typedef {Readonly<{ choices: Choices, search: string, sort: Sort, page: number }>} Query */
/** @typedef {"included" | "excluded"} Side */

/** @type {readonly FacetName[]} */
export const FACETS = ["genre", "style", "format", "decade"];

/** @type {readonly Sort[]} */
export const SORTS = ["added", "added-asc", "artist", "artist-desc", "title", "year", "year-desc"];

/** @type {Query} */
export const EVERYTHING = {
  choices: choicesOf(() => ({ included: [], excluded: [] })),
  search: "",
  sort: "added",
  page: 1,
};

/**
 * The query in the search part of an address. What cannot be understood is left out.
 * @param {string} address
 * @returns {Query}
 */
export function parsedQuery(address) {
  const parameters = new URLSearchParams(address);
  /** @param {string} name */
  const last = (name) => parameters.getAll(name).at(-1) ?? "";
  return {
    choices: choicesOf((facet) => choice(parameters.getAll(facet))),
    search: last("q"),
    sort: SORTS.find((sort) => sort === last("sort")) ?? EVERYTHING.sort,
    page: pageNumber(last("page")),
  };
}

/**
 * The shortest address of a query: defaults are left out, and nothing at all is "".
 * @param {Query} query
 */
export function address(query) {
  const parameters = new URLSearchParams();
  for (const facet of FACETS) {
    const { included, excluded } = query.choices[facet];
    for (const value of included) parameters.append(facet, value);
    for (const value of excluded) parameters.append(facet, `-${value}`);
  }
  if (query.search.trim() !== "") parameters.append("q", query.search);
  if (query.sort !== EVERYTHING.sort) parameters.append("sort", query.sort);
  if (query.page !== 1) parameters.append("page", String(query.page));
  const text = parameters.toString();
  return text && `?${text}`;
}

/**
 * The query with a value put on one side, or taken off where it was there already.
 * @param {Query} query
 * @param {FacetName} facet
 * @param {string} value
 * @param {Side} side
 * @returns {Query}
 */
export function toggled(query, facet, value, side) {
  const was = query.choices[facet][side].includes(value);
  const rest = without(query.choices[facet], value);
  const choice = was ? rest : { ...rest, [side]: [...rest[side], value] };
  return changed(query, { choices: { ...query.choices, [facet]: choice } });
}

/**
 * The query with some of it replaced. Any change but of the page goes back to page 1.
 * @param {Query} query
 * @param {Partial<Query>} change
 * @returns {Query}
 */
export function changed(query, change) {
  return { ...query, page: 1, ...change };
}

/**
 * @typedef {object} Constraint one thing that narrows the result
 * @property {FacetName | "search"} kind
 * @property {Side} side
 * @property {string} value
 * @property {Query} without the same query if it were removed
 */

/**
 * Everything that narrows the result, in the order of the address.
 * @param {Query} query
 * @returns {Constraint[]}
 */
export function constraints(query) {
  /** @type {Constraint[]} */
  const found = [];
  for (const kind of FACETS) {
    for (const side of /** @type {const} */ (["included", "excluded"])) {
      for (const value of query.choices[kind][side]) {
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

/**
 * @param {(facet: FacetName) => Choice} make
 * @returns {Choices}
 */
function choicesOf(make) {
  return { genre: make("genre"), style: make("style"), format: make("format"), decade: make("decade") };
}

/**
 * @param {string[]} values
 * @returns {Choice}
 */
function choice(values) {
  const included = values.filter((value) => value !== "" && !value.startsWith("-"));
  const excluded = values.filter((value) => value.startsWith("-") && value !== "-");
  return {
    included: [...new Set(included)],
    excluded: [...new Set(excluded.map((value) => value.slice(1)))],
  };
}

/**
 * @param {Choice} choice
 * @param {string} value
 * @returns {Choice}
 */
function without({ included, excluded }, value) {
  return {
    included: included.filter((other) => other !== value),
    excluded: excluded.filter((other) => other !== value),
  };
}

/** @param {string} text */
function pageNumber(text) {
  return /^[0-9]+$/.test(text) ? Math.max(1, Number(text)) : 1;
}
