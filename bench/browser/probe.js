/** Put into a page before its own scripts: notes when it shows what, and times what is done to it. */

globalThis.probe = (() => {
  const times = { row: 0, ready: 0 };
  const { promise: loaded, resolve } = Promise.withResolvers();
  const observer = new MutationObserver(look);
  observer.observe(document, { attributeFilter: ["data-ready"], childList: true, subtree: true });
  let awaited = false;

  function look() {
    if (!awaited && document.querySelector("[data-instance]")) {
      awaited = true;
      painted().then(() => (times.row = performance.now()));
    }
    if (!document.querySelector("main[data-ready]")) return;
    observer.disconnect();
    times.ready = performance.now();
    painted().then(() => resolve(times));
  }

  /** The first task after the next frame was painted. */
  function painted() {
    return new Promise((done) => {
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(null);
      });
    });
  }

  /** Milliseconds from the start of an act, in a task of its own, to its being painted. */
  function timed(act) {
    return new Promise((done) => {
      setTimeout(() => {
        const start = performance.now();
        act();
        painted().then(() => done(performance.now() - start));
      });
    });
  }

  /** After the next idle moment, and a little more. */
  function idle() {
    return new Promise((done) => requestIdleCallback(() => setTimeout(done, 16)));
  }

  async function each(acts) {
    const taken = [];
    for (const act of acts) {
      await idle();
      taken.push(await timed(act));
    }
    return taken;
  }

  /** Every query typed letter by letter and deleted the same way. */
  function typed(queries) {
    const field = document.querySelector("input[type=search]");
    const steps = queries.flatMap((query) => {
      const starts = Array.from(query, (_, place) => query.slice(0, place));
      return [...starts.slice(1), query, ...starts.toReversed()];
    });
    return each(
      steps.map((step) => () => {
        field.value = step;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }),
    );
  }

  /** One value of a facet after the other, three of them together, until so many were chosen. */
  async function chosen(many) {
    const taken = [];
    for (let place = 0; place < many; place++) {
      const shown = [...document.querySelectorAll(".facet-include")].filter((button) => button.checkVisibility());
      taken.push(...(await each([() => shown[(place * 7) % shown.length].click()])));
      if (place % 3 < 2) continue;
      await idle();
      document.querySelector('[data-part="reset"]').click();
    }
    return taken;
  }

  const presses = new Map(); // the longest event of each press of a key, which an id holds together
  const frames = []; // those that took longer than 50 ms

  /** Notes what the browser itself measures, from here on: presses of keys, and long animation frames. */
  function watch() {
    const each = (entryTypes, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe(entryTypes);
    each({ type: "event", durationThreshold: 16 }, ({ interactionId, duration }) => {
      if (interactionId > 0) presses.set(interactionId, Math.max(duration, presses.get(interactionId) ?? 0));
    });
    each({ type: "long-animation-frame" }, ({ duration }) => frames.push(duration));
  }

  /** Those that were noted. A press below 16 ms is not among them. */
  const watched = () => ({ presses: [...presses.values()], frames });

  /** What the measuring itself takes. */
  const nothing = (many) => each(Array.from({ length: many }, () => () => {}));

  /** The scripts, style sheets and data that the page asked for, covers aside. */
  function requested() {
    const paths = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
    return paths.filter((path) => /\.(js|css|json)$/.test(path) && !/\/(thumbs|covers)-/.test(path));
  }

  return { loaded, idle, typed, chosen, nothing, requested, watch, watched };
})();
