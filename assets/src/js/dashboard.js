/** The script of the stats page: its charts, the refresh link, and the additions on this day of other years. */

import { mountChart } from "./components/charts.js";
import { element, find } from "./components/dom.js";
import { start } from "./components/page.js";

/** @typedef {{ instance_id: number, release_id: number, year: number, title: string, credit: string }} Addition */
/** @typedef {{ copies: number, items: Addition[] }} Day an entry of days.json */

const MINUTE = 60_000;
const DAYS = "../days.json";
const MOST = 3;
const NEAR = "200%";
const FAR = 1.5; // windows below the first line: too far to be seen, now or in the next moment

await start({ charts: mountChart, refresh: mountRefresh, "on-this-day": mountOnThisDay });

/**
 * Disables the refresh link until a sync is possible, and shows how long that takes.
 * @param {HTMLElement} place
 */
function mountRefresh(place) {
  const note = place.querySelector(".refresh-next");
  if (!note) return;
  const link = find(place, "a", HTMLAnchorElement);
  const time = find(place, "time", HTMLTimeElement);
  const possible = Date.parse(time.dateTime);
  let timer = 0;

  /** @param {Event} event */
  const stop = (event) => event.preventDefault();

  const show = () => {
    clearTimeout(timer);
    const left = possible - Date.now();
    if (left > 0) {
      time.textContent = `in ${span(left)}`;
      timer = setTimeout(show, left % MINUTE || MINUTE);
      return;
    }
    note.remove();
    for (const name of ["aria-disabled", "aria-describedby"]) link.removeAttribute(name);
    for (const press of ["click", "auxclick"]) link.removeEventListener(press, stop);
    document.removeEventListener("visibilitychange", show);
  };
  link.setAttribute("aria-disabled", "true");
  for (const press of ["click", "auxclick"]) link.addEventListener(press, stop);
  document.addEventListener("visibilitychange", show); // a sleeping machine's timers come late
  show();
}

/**
 * @param {number} left in milliseconds
 * @returns {string} "3 h 18 min", rounded up
 */
function span(left) {
  const minutes = Math.ceil(left / MINUTE);
  const hours = Math.floor(minutes / 60);
  return hours ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

/**
 * The additions on today's day in earlier years, fetched when the section comes near. If that
 * fails, the section stays hidden.
 * @param {HTMLElement} place
 */
function mountOnThisDay(place) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      void showDay(place, new Date());
    },
    { rootMargin: NEAR },
  );
  observer.observe(place);
}

/**
 * @param {HTMLElement} place
 * @param {Date} today
 */
async function showDay(place, today) {
  const day = await dayOf(today);
  // Room is kept for the most there can be; far from the visitor's eyes it may be given back.
  if (place.getBoundingClientRect().top >= FAR * innerHeight) place.dataset.settled = "";
  if (!day) return;
  const earlier = day.items.filter(({ year }) => year < today.getFullYear());
  const fresh = earlier.filter(({ instance_id }) => !document.querySelector(`[data-instance="${instance_id}"]`));
  place.append(element("p", { class: "on-this-day-sum" }, sentence(day.copies, earlier, today)));
  if (fresh.length > 0) {
    const moments = fresh.slice(0, MOST).map((addition) => moment(addition, today));
    place.append(element("ol", { class: "moments", role: "list" }, ...moments));
  }
  place.dataset.shown = "";
}

/**
 * @param {Date} today
 * @returns {Promise<Day | null>} null when it cannot be fetched or is of another kind
 */
async function dayOf(today) {
  const key = [today.getMonth() + 1, today.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  try {
    const { days } = await (await fetch(DAYS)).json();
    const { copies, items } = days[key] ?? { copies: 0, items: [] };
    return { copies, items: Array.from(items) };
  } catch {
    return null;
  }
}

/**
 * @param {number} copies
 * @param {Addition[]} earlier
 * @param {Date} today
 */
function sentence(copies, earlier, today) {
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" }).format(today);
  const [first] = earlier;
  if (!first) return `Nothing was added on ${day} in an earlier year.`;
  if (copies === 1) return `Added on ${day} ${first.year}.`;
  return `${copies} records added on ${day}, the first in ${first.year}.`;
}

/**
 * @param {Addition} addition
 * @param {Date} today
 */
function moment({ instance_id, release_id, year, title, credit }, today) {
  const years = today.getFullYear() - year;
  return element(
    "li",
    { class: "moment", "data-instance": instance_id },
    element("p", { class: "moment-mark" }, element("b", {}, String(year)), " ", `${years} year${years === 1 ? "" : "s"} ago`),
    element(
      "p",
      { class: "moment-record" },
      element("a", { href: `all/#record=${instance_id}` }, element("bdi", {}, String(title))),
      " ",
      element("bdi", {}, String(credit)),
    ),
    element("a", { class: "outside", href: `https://www.discogs.com/release/${release_id}`, "aria-label": `${title} on Discogs` }, "Discogs ↗"),
  );
}
