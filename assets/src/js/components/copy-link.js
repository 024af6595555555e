/** The button that copies a link, where the browser can. */

import { element } from "./dom.js";

/**
 * @param {() => string} address
 * @returns {HTMLElement[]} the button, and the place where it says what became of it
 */
export function copyLink(address) {
  if (!("clipboard" in navigator)) return [];
  const button = element("button", { class: "button", type: "button" }, "Copy link");
  const said = element("span", { class: "quiet", "aria-live": "polite" });
  button.addEventListener("click", async () => {
    said.textContent = "";
    said.textContent = await navigator.clipboard.writeText(address()).then(
      () => "Copied",
      () => "The browser does not allow copying. The link is in the address bar.",
    );
  });
  return [button, said];
}
