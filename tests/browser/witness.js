/**
 * Put into a page before its own scripts: sets its clock, if to anything, and notes what moves and what the policy forbids.
 * Playwright's clock is no choice: it replaces the timers and the animation frames as well.
 */
(now) => {
  const passed = Date.now;
  const ahead = now === null ? 0 : now - passed();
  if (ahead !== 0) {
    globalThis.Date = class extends Date {
      constructor(...parts) {
        super(...(parts.length ? parts : [passed() + ahead]));
      }
      static now() {
        return passed() + ahead;
      }
    };
  }

  const shifts = [];
  const violations = [];
  globalThis.witness = { shifts, violations };

  const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
  const moved = ({ node, previousRect, currentRect }) => {
    const element = node instanceof Element ? node : node?.parentElement;
    const name = [element?.localName, ...(element?.classList ?? [])].join(".");
    return `${name} from ${place(previousRect)} to ${place(currentRect)}`;
  };
  // When a typeface arrives, the box of a line may get higher or lower about its middle; the line itself stays.
  const stays = ({ previousRect: before, currentRect: after }) =>
    Math.abs(before.y + before.height / 2 - after.y - after.height / 2) <= 1 && before.x === after.x && before.width === after.width;
  const TYPEFACE = 0.002; // its letters are a little wider or narrower than those of its stand-in
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput || value < TYPEFACE || (sources.length > 0 && sources.every(stays))) continue;
      shifts.push(`${value.toFixed(4)} at ${Math.round(scrollY)}: ${sources.map(moved).join(", ")}`);
    }
  }).observe({ type: "layout-shift", buffered: true });

  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    violations.push(`${violatedDirective} ${blockedURI}`);
  });
}
