/** How a page looks, measured in it: an expression, each of whose functions answers with complaints. */
(() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";
  const OVERLAYS = "dialog, .cover *, .chart-hole, .row-open";
  const FINGER = 24;
  const HAIR = 0.1;
  const SLACK = 1; // pixels: layout is in fractions, and a hair is no fault

  /** An element in words short enough for a list: where it is, and what it says. */
  function named(element) {
    const steps = [];
    for (let at = element; at && at !== document.body && steps.length < 4; at = at.parentElement) {
      steps.unshift(at.localName + Array.from(at.classList, (name) => `.${name}`).join(""));
    }
    const said = (element.textContent ?? "").trim().replace(/\s+/gu, " ");
    return `${steps.join(" > ")} ${JSON.stringify(Array.from(said).slice(0, 30).join(""))}`;
  }

  const box = ({ left, top, right, bottom }) => ({ left, top, right, bottom });
  const isEmpty = (one) => one.right - one.left < SLACK || one.bottom - one.top < SLACK;
  const common = (one, other) => ({
    left: Math.max(one.left, other.left),
    top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right),
    bottom: Math.min(one.bottom, other.bottom),
  });

  /** What cuts off the content of an element, itself and its ancestors, the nearest first. */
  const cutters = new Map();
  function cuttersOf(element) {
    if (!element || element === document.documentElement) return [];
    const known = cutters.get(element);
    if (known) return known;
    const style = getComputedStyle(element);
    const found = [...cuttersOf(element.parentElement)];
    const cuts = style.overflowX !== "visible" || style.overflowY !== "visible";
    if (style.clipPath !== "none") found.unshift({ hides: true });
    else if (cuts && element !== document.body && style.display !== "inline") found.unshift(cutter(element, style));
    cutters.set(element, found);
    return found;
  }

  function cutter(element, style) {
    const scrolls = /auto|scroll/u.test(style.overflowX + style.overflowY);
    const shortens = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    return { element, area: box(element.getBoundingClientRect()), scrolls, meant: scrolls || shortens };
  }

  const WORLD = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

  /** Where the content of an element is not cut off. */
  function room(element) {
    return cuttersOf(element).reduce((left, by) => (by.hides ? left : common(left, by.area)), WORLD);
  }

  /** The part of a shown element's box that is seen, or null. */
  function seen(area, element) {
    const left = common(area, room(element));
    return isEmpty(left) ? null : left;
  }

  const shown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !cuttersOf(element).some((by) => by.hides);

  const isLayered = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (getComputedStyle(at).position === "fixed") return true;
    }
    return element.closest(OVERLAYS) !== null;
  };

  /** Where the letters of a line are, whatever space a typeface keeps around them: 0.8 em about the middle of the line. */
  function letters(rect, size, style) {
    const around = box(rect);
    const [start, end] = style.writingMode.startsWith("horizontal") ? ["top", "bottom"] : ["left", "right"];
    const middle = (around[start] + around[end]) / 2;
    return { ...around, [start]: middle - size * 0.4, [end]: middle + size * 0.4 };
  }

  /** Every line of visible text: its element, the place of its letters, and its size in pixels. */
  function lines() {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !element || element.closest("option") || !shown(element)) continue;
      range.selectNodeContents(walker.currentNode);
      const style = getComputedStyle(element);
      const size = Number.parseFloat(style.fontSize);
      for (const rect of range.getClientRects()) {
        if (!isEmpty(rect)) found.push({ element, area: letters(rect, size, style), size });
      }
    }
    return found;
  }

  /** What leaves the page at its sides. */
  function sticking() {
    const wide = document.documentElement.clientWidth;
    const whole = document.documentElement.scrollWidth;
    const found = whole > wide ? [`the page is ${whole} wide in a window of ${wide}`] : [];
    for (const element of document.body.querySelectorAll("*")) {
      // What is hidden by a clip-path is not seen, but makes the page as wide as anything else.
      const counts = whole > wide || shown(element);
      const area = counts && common(box(element.getBoundingClientRect()), room(element.parentElement));
      if (area && !isEmpty(area) && (area.left < -SLACK || area.right > wide + SLACK)) {
        found.push(`${named(element)} from ${Math.round(area.left)} to ${Math.round(area.right)}`);
      }
    }
    return found;
  }

  /** Text that is cut off without a sign that there is more, or runs out of the block it stands in. */
  function cutOff() {
    const found = new Set();
    for (const { element, area, size } of lines()) {
      if (element.closest(OVERLAYS)) continue;
      if (isCut(area, size, element)) found.add(`${named(element)} is cut off`);
      else if (runsOut(area, element)) found.add(`${named(element)} runs out of its block`);
    }
    return [...found];
  }

  function isCut(area, size, element) {
    for (const by of cuttersOf(element)) {
      if (by.hides || by.meant) return false;
      const left = common(area, by.area);
      const lost = [left.left - area.left, area.right - left.right];
      if (Math.max(...lost) > SLACK || area.bottom - area.top - (left.bottom - left.top) > size / 6) return true;
    }
    return false;
  }

  function runsOut(area, element) {
    let block = element;
    while (/^(inline|contents)$/u.test(getComputedStyle(block).display)) block = block.parentElement;
    if (cuttersOf(block)[0]?.element === block) return false;
    const around = block.getBoundingClientRect();
    return area.left < around.left - SLACK || area.right > around.right + SLACK;
  }

  /** Texts, controls and pictures that lie on each other although neither is part of the other. */
  function overlapping() {
    const pieces = [...lines(), ...solids()]
      .filter(({ element }) => !isLayered(element))
      .map(({ element, area }) => ({ element, area: seen(area, element) }))
      .filter(({ area }) => area)
      .sort((one, other) => one.area.top - other.area.top);
    const found = new Set();
    pieces.forEach((one, at) => {
      for (let next = at + 1; next < pieces.length && pieces[next].area.top < one.area.bottom; next += 1) {
        if (collide(one, pieces[next])) found.add([one, pieces[next]].map((piece) => named(piece.element)).sort().join(" and "));
      }
    });
    return [...found];
  }

  function solids() {
    const solid = document.body.querySelectorAll("button, input, select, canvas, img, svg, .button, .cover");
    return Array.from(solid)
      .filter((element) => shown(element) && !element.closest(".flood")) // the band lies below everything
      .map((element) => ({ element, area: box(element.getBoundingClientRect()) }));
  }

  /** Bars are drawn into the rows of their table. */
  const isDrawnInto = (canvas, other) =>
    canvas.localName === "canvas" && canvas.closest("[data-kind='bar']")?.contains(other);

  function collide(one, other) {
    if (one.element.contains(other.element) || other.element.contains(one.element)) return false;
    if (isDrawnInto(one.element, other.element) || isDrawnInto(other.element, one.element)) return false;
    const both = common(one.area, other.area);
    const wide = both.right - both.left;
    const high = both.bottom - both.top;
    return wide > 0 && high > 0 && wide * high > SLACK && Math.min(wide, high) > SLACK / 2;
  }

  /** Controls too small for a finger; links within a sentence may be. */
  function fingers() {
    if (document.styleSheets.length === 0) return []; // the browser's own sizes, which WCAG leaves to it
    const at = { left: scrollX, top: scrollY };
    const found = [];
    for (const control of document.querySelectorAll(CONTROLS)) {
      if (!shown(control) || control.disabled || isInSentence(control)) continue;
      const small = Array.from(control.getClientRects()).every((rect) => rect.width < FINGER - HAIR || rect.height < FINGER - HAIR);
      if (small && !reaches(control)) {
        const { width, height } = control.getBoundingClientRect();
        found.push(`${named(control)} is ${width.toFixed(1)} by ${height.toFixed(1)}`);
      }
    }
    scrollTo(at);
    return found;
  }

  function isInSentence(control) {
    if (getComputedStyle(control).display !== "inline") return false;
    let block = control.parentElement;
    while (getComputedStyle(block).display === "inline") block = block.parentElement;
    const around = block.cloneNode(true);
    for (const link of around.querySelectorAll("a, button")) link.remove();
    return /\p{L}/u.test(around.textContent);
  }

  /** Whether a small control is hit further than it is drawn, by what is laid out around it. */
  function reaches(control) {
    control.scrollIntoView({ block: "center", behavior: "instant" });
    const { left, top, width, height } = control.getBoundingClientRect();
    const reach = (x, y) => {
      let far = 0;
      while (far < FINGER && isHit(control, left + width / 2 + x * far, top + height / 2 + y * far)) far += 1;
      return far;
    };
    return reach(-1, 0) + reach(1, 0) > FINGER && reach(0, -1) + reach(0, 1) > FINGER;
  }

  /** Controls with a box that reaches beyond the part of it that is visible: there it lies under other things. */
  function overreaching() {
    return Array.from(document.querySelectorAll(CONTROLS))
      .filter(shown)
      .flatMap((control) => {
        const cut = cuttersOf(control.parentElement).filter((by) => !by.scrolls);
        const visible = cut.reduce((left, by) => common(left, by.area), WORLD);
        const lost = Array.from(control.getClientRects(), (rect) => hidden(rect, visible));
        return Math.max(0, ...lost) > SLACK ? [`${named(control)} reaches beyond its visible part`] : [];
      });
  }

  /** The height or width of a box that lies outside an area. */
  function hidden(rect, area) {
    const left = common(rect, area);
    return Math.max(rect.width - Math.max(0, left.right - left.left), rect.height - Math.max(0, left.bottom - left.top));
  }

  const isHit = (control, x, y) => document.elementFromPoint(x, y)?.closest(CONTROLS) === control;

  // Only wide rows have room for tags.
  const TOLD = "h1, h2, h3, [data-stat] dd, tr[data-copies] > *, [data-instance] a:not(.row-tags *)";
  const FOR_SCREENS = ".row-link, .outside, .button"; // a word that leads somewhere only where it can be pressed
  const FOR_SCRIPTS = "dialog *, .freshness-late, .freshness-late *, [data-component='on-this-day'] *";

  /** Whether an element can be brought before somebody's eyes: by scrolling, or by unfolding what is no chart. */
  function isRead(element) {
    const folded = element.parentElement?.closest("details:not([open])");
    if (folded && folded.querySelector("summary") && !folded.closest("[data-chart]")) return isRead(folded);
    const left = cuttersOf(element)
      .filter((by) => !by.hides && !by.scrolls)
      .reduce((area, by) => common(area, by.area), box(element.getBoundingClientRect()));
    return element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !isEmpty(left);
  }

  const unseen = (selector) =>
    Array.from(document.querySelectorAll(selector))
      .filter((element) => !element.matches(FOR_SCRIPTS) && !(matchMedia("print").matches && element.matches(FOR_SCREENS)))
      .filter((element) => !isRead(element))
      .map((element) => `${named(element)} is not seen`);

  /** Headings, totals, numbers and records that are there, but not to be seen. */
  const untold = () => unseen(TOLD);

  /** Links that are there, but not to be seen. Only decades of some years have room below the chart. */
  const lostLinks = () => unseen("a[href]:not(.skip, .row-tags *, .decades *)");

  /** Controls that do nothing without scripts: what is shown is to be disabled, and a text has to say why. */
  function dead() {
    const explained = lines().some(({ element }) => element.textContent.includes("JavaScript"));
    return Array.from(document.querySelectorAll("button, input, select, textarea, [role=button]"))
      .filter((control) => shown(control) && !(control.disabled && explained))
      .map((control) => `${named(control)} ${control.disabled ? "is not explained" : "does nothing"}`);
  }

  /** Charts with numbers that were not drawn. */
  function undrawn() {
    return Array.from(document.querySelectorAll("figure[data-chart]"))
      .filter((figure) => figure.querySelector("tr[data-copies]"))
      .filter((figure) => !globalThis.Chart?.getChart(figure.querySelector("canvas")))
      .map((figure) => figure.dataset.chart);
  }

  const frame = () => new Promise(requestAnimationFrame);

  /** Waits until what follows the size of the window has followed it. */
  async function rest() {
    for (let frames = 0; frames < 3; frames += 1) await frame();
    return [];
  }

  /** Goes down the page in steps, waits until every chart is drawn and nothing more arrives, and goes back up. */
  async function walk() {
    await document.fonts.ready;
    for (let at = 0; at < document.documentElement.scrollHeight; at += innerHeight / 2) {
      scrollTo({ top: at, behavior: "instant" });
      await frame();
      await frame();
    }
    const arrived = () => performance.getEntriesByType("resource").length;
    const end = performance.now() + 5000;
    for (let before = -1; performance.now() < end; ) {
      if (before === arrived() && undrawn().length === 0) break;
      before = arrived();
      await new Promise((done) => setTimeout(done, 60));
    }
    scrollTo({ top: 0, behavior: "instant" });
    await frame();
    await frame();
    return [];
  }

  const FEW = 12;

  /** Leaves the first rows of every long table and list: axe takes its time with each, and they are all made alike. */
  function thin() {
    for (const rows of document.querySelectorAll("tbody, [data-results]")) {
      while (rows.children.length > FEW) rows.lastElementChild.remove();
    }
    return [];
  }

  const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

  /** What axe, which has to be there, finds; the size of targets is asked for by name, being off by default. */
  async function barriers() {
    const options = { runOnly: RULES, rules: { "target-size": { enabled: true } }, resultTypes: ["violations"] };
    const { violations } = await globalThis.axe.run(document, options);
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${barrier(node)}`));
  }

  const barrier = ({ target, any, all, none }) =>
    `${target.join(" ")}: ${[...any, ...all, ...none].map(({ message }) => message).join("; ")}`;

  return { barriers, cutOff, dead, fingers, lostLinks, overlapping, overreaching, rest, sticking, thin, undrawn, untold, walk };
})()
