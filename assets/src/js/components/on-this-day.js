/** An addition on this day of another year. */

import { element, whenIdle } from "./dom.js";

/** @typedef {{ instance_id: number, release_id: number, year: number, title: string, credit: string, hue: number, thumb?: string }} Addition */
/** @typedef {{ copies: number, items: Addition[] }} Day an entry of days.json */

const FAR = 1.5; // windows below the first line: room that is given back there is not seen to move

/**
 * Fetches the additions of today's day in earlier years once the page has loaded, and shows the first that is not
 * on the page. If there is none, or they cannot be fetched, the section stays hidden.
 * @param {HTMLElement} place
 */
export function mountOnThisDay(place) {
  const begin = () => whenIdle(() => void showDay(place, new Date()));
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}

/**
 * @param {HTMLElement} place
 * @param {Date} today
 */
async function showDay(place, today) {
  const at = place.dataset.at ?? "";
  const { items } = await dayOf(today, `${at}days.json`);
  const earlier = items.filter(({ year }) => year < today.getFullYear());
  const one = earlier.find(({ instance_id }) => !document.querySelector(`[data-instance="${instance_id}"]`));
  if (!one) {
    place.toggleAttribute("data-settled", place.getBoundingClientRect().top >= FAR * innerHeight);
    return;
  }
  place.append(moment(one, today, at));
  place.dataset.shown = "";
}

/**
 * @param {Date} today
 * @param {string} file
 * @returns {Promise<Day>}
 */
async function dayOf(today, file) {
  const key = [today.getMonth() + 1, today.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  try {
    const { days } = await (await fetch(file)).json();
    const { copies, items } = days[key] ?? { copies: 0, items: [] };
    return { copies, items: Array.from(items) };
  } catch {
    return { copies: 0, items: [] };
  }
}

/**
 * @param {Addition} addition
 * @param {Date} today
 * @param {string} at
 */
function moment({ instance_id, release_id, year, title, credit, hue, thumb }, today, at) {
  const years = today.getFullYear() - year;
  const art = element("span", { class: "cover-art", "aria-hidden": "true" }, element("span", { class: "cover-disc" }));
  const cover = element("span", { class: "cover", "data-hue": hue }, art);
  if (thumb) cover.append(element("img", { alt: "", width: 150, height: 150, decoding: "async", referrerpolicy: "no-referrer", src: thumb }));
  return element(
    "div",
    { class: "moment", "data-instance": instance_id },
    cover,
    element("p", { class: "moment-mark" }, element("b", {}, String(year)), " ", `${years} year${years === 1 ? "" : "s"} ago`),
    element(
      "p",
      { class: "moment-record" },
      element("a", { href: `${at}collection/all/#record=${instance_id}` }, element("bdi", {}, String(title))),
      " ",
      element("bdi", {}, String(credit)),
    ),
    element("a", { class: "outside", href: `https://www.discogs.com/release/${release_id}`, "aria-label": `${title} on Discogs` }, "Discogs ↗"),
  );
}
