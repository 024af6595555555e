/** The facets of the lists measured beside ours: the same values to choose from, in the same markup. */

/** The records embedded in the page, and the facets to choose from. */
export const { rows, facets } = JSON.parse(document.querySelector("#collection").textContent);

/** The values chosen, by facet. */
export const chosen = new Map(facets.map(({ name }) => [name, new Set()]));

/** Whether a record has one of the values chosen in every facet but one. */
export function passes(row, except) {
  for (const [name, values] of chosen) {
    if (name !== except && values.size > 0 && !row[name].some((value) => values.has(value))) return false;
  }
  return true;
}

/** Shows the buttons; returns what writes their numbers. */
export function mountFacets(changed) {
  const counts = [];
  const place = document.querySelector('[data-part="facets"]');
  for (const { name, title, values } of facets) {
    const list = document.createElement("ul");
    list.className = "facet-values";
    for (const value of values.slice(0, 8)) {
      const count = document.createElement("span");
      count.className = "facet-count";
      counts.push({ name, value, count });
      list.append(line(name, value, count, changed));
    }
    const heading = document.createElement("h3");
    heading.textContent = title;
    place.append(heading, list);
  }
  document.querySelector('[data-part="reset"]').addEventListener("click", () => {
    for (const values of chosen.values()) values.clear();
    for (const button of place.querySelectorAll("button")) button.setAttribute("aria-pressed", "false");
    changed();
  });
  return (numberOf) => {
    for (const { name, value, count } of counts) count.textContent = String(numberOf(name, value));
  };
}

function line(name, value, count, changed) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  item.className = "facet-value";
  button.className = "facet-include";
  button.append(value, count);
  button.addEventListener("click", () => {
    const values = chosen.get(name);
    if (!values.delete(value)) values.add(value);
    button.setAttribute("aria-pressed", String(values.has(value)));
    changed();
  });
  item.append(button);
  return item;
}
