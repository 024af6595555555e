/** What was added on today's day in earlier years. It is asked for when somebody comes near, and says nothing if that fails. */

import { element } from "./dom.js";

/** @typedef {{ instance: number, release: number, year: number, title: string, credit: string }} Addition */
/** @typedef {{ copies: number, additions: Addition[] }} Day */

const FILE = "../days.json";
const MOST = 3;
const NEAR = "200%";
const FAR = 1.5; // windows below the first line: nobody sees what moves there, nor the next moment

/** @param {HTMLElement} place */
export function mount(place) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      void tell(place, new Date());
    },
    { rootMargin: NEAR },
  );
  observer.observe(place);
}

/**
 * @param {HTMLElement} place
 * @param {Date} today
 */
async function tell(place, today) {
  const day = await additionsOn(today);
  // Its room is kept for the most there can be; far from anybody's eyes it may be given back.
  if (place.getBoundingClientRect().top >= FAR * innerHeight) place.dataset.settled = "";
  if (!day) return;
  const earlier = day.additions.filter(({ year }) => year < today.getFullYear());
  const fresh = earlier.filter(({ instance }) => !document.querySelector(`[data-instance="${instance}"]`));
  place.append(element("p", { class: "on-this-day-sum" }, sentence(day.copies, earlier, today)));
  if (fresh.length) {
    const lines = fresh.slice(0, MOST).map((addition) => line(addition, today));
    place.append(element("ol", { class: "moments", role: "list" }, ...lines));
  }
  place.dataset.told = "";
}

/**
 * @param {Date} today
 * @returns {Promise<Day | null>} null when it cannot be known
 */
async function additionsOn(today) {
  const key = [today.getMonth() + 1, today.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  try {
    const { days } = await (await fetch(FILE)).json();
    const { copies, items } = days[key] ?? { copies: 0, items: [] };
    return { copies: Number(copies), additions: items.map(addition) };
  } catch {
    return null;
  }
}

/**
 * @param {{ instance_id: unknown, release_id: unknown, year: unknown, title: unknown, credit: unknown }} item
 * @returns {Addition}
 */
function addition({ instance_id, release_id, year, title, credit }) {
  const [instance, release, added] = [instance_id, release_id, year].map(Number);
  return {
    instance: instance ?? 0,
    release: release ?? 0,
    year: added ?? 0,
    title: String(title),
    credit: String(credit),
  };
}

/**
 * @param {number} copies
 * @param {Addition[]} earlier
 * @param {Date} today
 */
function sentence(copies, earlier, today) {
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" }).format(today);
  const [first] = earlier;
  if (!first) return `No record was added on ${day} in an earlier year.`;
  if (copies === 1) return `1 record has been added on a ${day}, in ${first.year}.`;
  return `${copies} records have been added on a ${day}, the first in ${first.year}.`;
}

/**
 * @param {Addition} addition
 * @param {Date} today
 */
function line({ instance, release, year, title, credit }, today) {
  const years = today.getFullYear() - year;
  return element(
    "li",
    { class: "moment", "data-instance": instance },
    element("p", { class: "moment-mark" }, element("b", {}, String(year)), " ", `${years} year${years === 1 ? "" : "s"} ago`),
    element(
      "p",
      { class: "moment-record" },
      element("a", { href: `https://www.discogs.com/release/${release}` }, element("bdi", {}, title)),
      " ",
      element("bdi", {}, credit),
    ),
  );
}
