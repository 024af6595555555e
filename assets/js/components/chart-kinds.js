/** How each kind of chart is drawn: a doughnut numbered like a track list, bars with their values, a line of years. */

/** @typedef {"doughnut" | "bar" | "line"} Kind */
/** @typedef {{ label: string, copies: number, href: string | null, colour: string }} Point */
/** @typedef {{ ink: string, ground: string, quiet: string, rule: string, face: string }} Inks */

const SIZE = 14;
const BETWEEN_NUMBERS = 18; // least distance of two track numbers along the rim, in pixels
const number = new Intl.NumberFormat("en");

/**
 * @param {Kind} kind
 * @param {Point[]} points
 * @param {Inks} inks
 * @param {boolean} moving
 */
export function configuration(kind, points, inks, moving) {
  const { dataset, options, plugin } = KINDS[kind](points, inks);
  return {
    type: kind,
    data: {
      labels: points.map((point) => point.label),
      datasets: [{ data: points.map((point) => point.copies), ...dataset }],
    },
    options: {
      animation: moving ? { duration: 500 } : false,
      maintainAspectRatio: false,
      color: inks.ink,
      font: { family: inks.face, size: SIZE },
      ...doors(points),
      ...options,
      plugins: { legend: { display: false }, tooltip: tooltip(inks) },
    },
    plugins: plugin ? [plugin] : [],
  };
}

/** @type {Record<Kind, (points: Point[], inks: Inks) => { dataset: object, options: object, plugin?: object }>} */
const KINDS = {
  doughnut: (points, inks) => ({
    dataset: {
      backgroundColor: points.map((point) => point.colour),
      borderColor: inks.ground,
      borderWidth: points.length > 1 ? 2 : 0,
    },
    options: { cutout: "42%", layout: { padding: 26 } },
    plugin: { id: "tracks", afterDatasetsDraw: (/** @type {DrawnChart} */ chart) => numberSlices(chart, inks) },
  }),
  bar: (points, inks) => ({
    dataset: { backgroundColor: points.map((point) => point.colour), maxBarThickness: 24, minBarLength: 2 },
    options: {
      indexAxis: "y",
      layout: { padding: { right: 52 } },
      scales: {
        x: { display: false, beginAtZero: true },
        y: {
          border: { display: false },
          grid: { display: false },
          ticks: { color: inks.ink, autoSkip: false, font: { size: SIZE }, callback: shortened(points) },
        },
      },
    },
    plugin: { id: "values", afterDatasetsDraw: (/** @type {DrawnChart} */ chart) => writeValues(chart, points, inks) },
  }),
  line: (points, inks) => ({
    dataset: {
      borderColor: points[0]?.colour,
      backgroundColor: points[0]?.colour,
      borderWidth: 2,
      pointRadius: points.length > 1 ? 0 : 5,
      pointHoverRadius: 5,
      pointHitRadius: 12,
    },
    options: {
      interaction: { mode: "index", intersect: false },
      layout: { padding: { right: 6 } },
      scales: {
        x: {
          grid: { display: false },
          border: { color: inks.rule },
          ticks: { color: inks.quiet, maxRotation: 0, autoSkipPadding: 20, font: { size: SIZE } },
        },
        y: {
          beginAtZero: true,
          border: { display: false },
          grid: { color: inks.rule, drawTicks: false },
          ticks: { color: inks.quiet, precision: 0, maxTicksLimit: 5, padding: 8, font: { size: SIZE } },
        },
      },
    },
  }),
};

/**
 * A slice, bar or point with a link leads to the list filtered to it.
 * @param {Point[]} points
 */
function doors(points) {
  /** @param {Array<{ index: number }>} hits */
  const door = (hits) => points[hits[0]?.index ?? -1]?.href ?? null;
  return {
    onClick: (/** @type {unknown} */ _, /** @type {Array<{ index: number }>} */ hits) => {
      const href = door(hits);
      if (href) location.assign(href);
    },
    onHover: (
      /** @type {unknown} */ _,
      /** @type {Array<{ index: number }>} */ hits,
      /** @type {DrawnChart} */ chart,
    ) => {
      chart.canvas.style.cursor = door(hits) ? "pointer" : "default";
    },
  };
}

/** @param {Inks} inks */
function tooltip(inks) {
  return {
    backgroundColor: inks.ink,
    titleColor: inks.ground,
    bodyColor: inks.ground,
    cornerRadius: 2,
    padding: 10,
    displayColors: false,
    callbacks: {
      label: (/** @type {{ raw: number }} */ { raw }) => `${number.format(raw)} ${raw === 1 ? "record" : "records"}`,
    },
  };
}

/**
 * Labels cut to the share of the width that they may take; the table and the tooltip keep them whole.
 * @param {Point[]} points
 */
function shortened(points) {
  /**
   * @this {{ chart: DrawnChart }}
   * @param {unknown} _
   * @param {number} index
   */
  return function (_, index) {
    const letters = Array.from(points[index]?.label ?? "");
    const room = Math.max(10, Math.floor((this.chart.width * 0.36) / (SIZE / 2)));
    return letters.length > room ? `${letters.slice(0, room - 1).join("").trimEnd()}…` : letters.join("");
  };
}

/**
 * The number of each slice's row, outside the rim at its middle; neighbours that are too close move apart.
 * @param {DrawnChart} chart
 * @param {Inks} inks
 */
function numberSlices(chart, inks) {
  const arcs = chart.getDatasetMeta(0).data;
  const rim = (arcs[0]?.outerRadius ?? 0) + 14;
  const step = BETWEEN_NUMBERS / rim;
  const angles = spread(arcs.map((arc) => (arc.startAngle + arc.endAngle) / 2), step);
  pen(chart, inks, "center");
  arcs.forEach((arc, index) => {
    const angle = angles[index] ?? 0;
    chart.ctx.fillText(String(index + 1), arc.x + rim * Math.cos(angle), arc.y + rim * Math.sin(angle));
  });
  chart.ctx.restore();
}

/**
 * Ascending angles moved as little as keeps each at least a step from the one before, round the whole circle.
 * @param {number[]} angles
 * @param {number} step
 */
function spread(angles, step) {
  const moved = [...angles];
  let limit = (moved[0] ?? 0) + 2 * Math.PI;
  for (let index = moved.length - 1; index > 0; index -= 1) {
    limit -= step;
    moved[index] = limit = Math.min(/** @type {number} */ (moved[index]), limit);
  }
  for (let index = 1; index < moved.length; index += 1) {
    const least = /** @type {number} */ (moved[index - 1]) + step;
    moved[index] = Math.max(/** @type {number} */ (moved[index]), least);
  }
  return moved;
}

/**
 * @param {DrawnChart} chart
 * @param {Point[]} points
 * @param {Inks} inks
 */
function writeValues(chart, points, inks) {
  pen(chart, inks, "left");
  chart.getDatasetMeta(0).data.forEach((bar, index) => {
    chart.ctx.fillText(number.format(points[index]?.copies ?? 0), bar.x + 8, bar.y + 1);
  });
  chart.ctx.restore();
}

/**
 * Saves the context and readies it for small text in ink.
 * @param {DrawnChart} chart
 * @param {Inks} inks
 * @param {CanvasTextAlign} align
 */
function pen({ ctx }, inks, align) {
  ctx.save();
  ctx.font = `600 ${SIZE}px ${inks.face}`;
  ctx.fillStyle = inks.ink;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
}
