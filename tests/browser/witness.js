/**
 * Put into a page before its own scripts: sets its clock, and notes what moves and what the policy forbids.
 * Playwright's clock is no choice: it replaces the timers and the animation frames as well.
 */
(now) => {
  const ahead = now - Date.now();
  const passed = Date.now;
  globalThis.Date = class extends Date {
    constructor(...parts) {
      super(...(parts.length ? parts : [passed() + ahead]));
    }
    static now() {
      return passed() + ahead;
    }
  };

  const shifts = [];
  const violations = [];
  globalThis.witness = { shifts, violations };

  const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
  const moved = ({ node, previousRect, currentRect }) => {
    const element = node instanceof Element ? node : node?.parentElement;
    const name = [element?.localName, ...(element?.classList ?? [])].join(".");
    return `${name} from ${place(previousRect)} to ${place(currentRect)}`;
  };
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      shifts.push(`${value.toFixed(4)} at ${Math.round(scrollY)}: ${sources.map(moved).join(", ")}`);
    }
  }).observe({ type: "layout-shift", buffered: true });

  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    violations.push(`${violatedDirective} ${blockedURI}`);
  });
}
