/** Making and finding elements. Text always arrives as text: nothing here parses HTML. */

/** @typedef {string | number | boolean | null | undefined} Attribute */

/**
 * A new element. An attribute that is null, undefined or false is left out; true stands alone.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/**
 * The one element of a kind that a component cannot work without.
 * @template {HTMLElement} Kind
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`no ${kind.name} at ${selector}`);
  return found;
}

/**
 * Writes a text that differs from the present one: an equal text would cost a layout.
 * @param {Element} place
 * @param {string} text
 */
export function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/**
 * Does something when the browser has nothing else to do.
 * @param {() => void} act
 * @param {number} [timeout] milliseconds after which it is done in any case
 */
export function whenIdle(act, timeout = 0) {
  if ("requestIdleCallback" in window) requestIdleCallback(act, { timeout });
  else setTimeout(act);
}

/**
 * A button that does something.
 * @param {string} text
 * @param {(event: MouseEvent) => void} act
 * @param {Record<string, Attribute>} [attributes]
 */
export function button(text, act, attributes = {}) {
  const made = element("button", { class: "button", type: "button", ...attributes }, text);
  made.addEventListener("click", act);
  return made;
}

/**
 * Texts with dots between them. Each is isolated: text that runs from right to left must not turn its neighbours.
 * @param {readonly string[]} texts
 */
export function joined(texts) {
  return texts.flatMap((text, place) => [place === 0 ? "" : " · ", element("bdi", {}, text)]);
}

/**
 * Makes the buttons of a list one tab stop: keys lead from one to another.
 * @param {HTMLElement} list
 * @param {(target: Element, key: string) => Element | null | undefined} neighbour where a key leads
 */
export function rove(list, neighbour) {
  list.addEventListener("focusin", ({ target }) => {
    for (const button of list.querySelectorAll("button")) button.tabIndex = button === target ? 0 : -1;
  });
  list.addEventListener("keydown", (event) => {
    const next = event.target instanceof Element ? neighbour(event.target, event.key) : null;
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    next.focus();
  });
}
