/** A button that copies a link. */

import { button, element } from "./dom.js";

/**
 * A button that copies a link, where the browser can, and the place of its message.
 * @param {() => string} link
 * @returns {HTMLElement[]}
 */
export function copyLink(link) {
  if (!("clipboard" in navigator)) return [];
  const message = element("span", { class: "quiet", "aria-live": "polite" });
  const copy = async () => {
    message.textContent = "";
    message.textContent = await navigator.clipboard.writeText(link()).then(
      () => "Copied",
      () => "The browser does not allow copying. The link is in the address bar.",
    );
  };
  return [button("Copy link", copy), message];
}
