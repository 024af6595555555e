/** The part of Chart.js (vendored, UMD) that this site uses; its script sets the global. */
declare global {
  interface Place {
    datasetIndex: number;
    index: number;
  }

  /** An arc, a bar or a point of a line, as far as it has these. */
  interface Mark {
    x: number;
    y: number;
    base: number;
    height: number;
    startAngle: number;
    endAngle: number;
    innerRadius: number;
    outerRadius: number;
    tooltipPosition(useFinal: boolean): { x: number; y: number };
  }

  interface Scale {
    width: number;
    paddingTop: number;
    paddingBottom: number;
    ticks: Array<{ value: number }>;
    getPixelForValue(value: number): number;
    getValueForPixel(pixel: number): number;
  }

  interface ChartInstance {
    canvas: HTMLCanvasElement;
    ctx: CanvasRenderingContext2D;
    width: number;
    height: number;
    chartArea: { left: number; top: number; right: number; bottom: number };
    scales: Record<string, Scale>;
    tooltip: { setActiveElements(places: Place[], at: { x: number; y: number }): void };
    getActiveElements(): Place[];
    setActiveElements(places: Place[]): void;
    getDatasetMeta(index: number): { data: Mark[] };
    getElementsAtEventForMode(event: Event, mode: string, options: object, useFinal: boolean): Place[];
    render(): void;
    destroy(): void;
  }

  type InteractionMode = (chart: ChartInstance, event: Event) => Array<Place & { element: Mark }>;

  var Chart: {
    new (canvas: HTMLCanvasElement, config: object): ChartInstance;
    helpers: { getRelativePosition(event: Event, chart: ChartInstance): { x: number; y: number } };
    Interaction: { modes: Record<string, InteractionMode> };
  };
}

export {};
