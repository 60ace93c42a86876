/** Canvases for jsdom, which has none: plotly paints heatmaps and images on them before they go into the SVG. */
import { type Canvas, createCanvas } from "@napi-rs/canvas";
import type { JSDOM } from "jsdom";

export function supplyCanvas(window: JSDOM["window"]): void {
  const canvases = new WeakMap<HTMLCanvasElement, Canvas>();
  // Setting a size clears a canvas, so a new size is a new canvas.
  const canvasOf = (element: HTMLCanvasElement): Canvas => {
    const { width, height } = element;
    const known = canvases.get(element);
    if (known?.width === width && known.height === height) return known;
    const canvas = createCanvas(width, height);
    canvases.set(element, canvas);
    return canvas;
  };

  const prototype = window.HTMLCanvasElement.prototype as unknown as Record<string, unknown>;
  prototype["getContext"] = function (this: HTMLCanvasElement, kind: string): unknown {
    return kind === "2d" ? canvasOf(this).getContext("2d") : null;
  };
  prototype["toDataURL"] = function (this: HTMLCanvasElement): string {
    return canvasOf(this).toDataURL("image/png");
  };
}
