/** The little of Chart.js (vendored, UMD) that this site uses; its script sets the global. */
declare global {
  interface Arc {
    startAngle: number;
    endAngle: number;
    outerRadius: number;
  }

  interface DrawnChart {
    canvas: HTMLCanvasElement;
    ctx: CanvasRenderingContext2D;
    width: number;
    getDatasetMeta(index: number): { data: Array<Arc & { x: number; y: number }> };
    destroy(): void;
  }

  var Chart: { new (canvas: HTMLCanvasElement, config: object): DrawnChart };
}

export {};
