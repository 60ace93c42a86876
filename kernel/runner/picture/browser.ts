/**
 * As much of a browser as plotly needs to draw: jsdom, which has no layout, with the text measured here.
 * It draws in a process of its own, because it replaces what belongs to a page and is never given back.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { JSDOM } from "jsdom";
import { supplyCanvas } from "./canvas.ts";
import { fontFamily, textSize } from "./font.ts";

export interface Figure {
  data: unknown[];
  layout?: Record<string, unknown>;
}

interface Plotly {
  toImage(figure: object, options: object): Promise<string>;
}

const defaultWidth = 800;
const defaultHeight = 400;

/** Labels among lines stand on the page, not in the lines. */
const onWhite = { layout: { annotationdefaults: { bgcolor: "#FFFFFF" } } };

/** Starts the page; answers a function from figures to SVG. */
export function openPage(): (figure: Figure) => Promise<{ svg: string; width: number; height: number }> {
  const { window } = new JSDOM("<!doctype html><body></body>", {
    pretendToBeVisual: true,
    runScripts: "outside-only",
  });
  supply(window);
  const plotlyFile = createRequire(import.meta.url).resolve("plotly.js-dist-min");
  window.eval(readFileSync(plotlyFile, "utf8"));
  const { Plotly } = window as unknown as { Plotly: Plotly };

  return async ({ data, layout = {} }) => {
    refuseWebGL(data);
    const width = sizeOr(layout["width"], defaultWidth);
    const height = sizeOr(layout["height"], defaultHeight);
    const font = { ...(layout["font"] as object | undefined), family: fontFamily };
    const figure = {
      data,
      layout: { template: onWhite, ...layout, width, height, font },
      config: { staticPlot: true },
    };
    const svg = await Plotly.toImage(figure, { format: "svg", imageDataOnly: true, width, height });
    return { svg, width, height };
  };
}

const webGL = new Set([
  ...["scattergl", "scatterpolargl", "parcoords", "splom"],
  ...["scatter3d", "surface", "mesh3d", "cone", "streamtube", "volume", "isosurface"],
  ...["scattermap", "densitymap", "choroplethmap", "scattermapbox", "densitymapbox", "choroplethmapbox"],
]);

/** Without WebGL plotly leaves such a trace out and says nothing: no picture is better than a wrong one. */
function refuseWebGL(data: unknown[]): void {
  for (const { type = "scatter" } of data as { type?: string }[])
    if (webGL.has(type))
      throw new Error(`a trace of type "${type}" needs WebGL, which the drawing process does not have`);
}

const sizeOr = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);

/** What plotly asks of a page and jsdom does not have. */
function supply(window: JSDOM["window"]): void {
  window.URL.createObjectURL = () => "blob:none";
  window.matchMedia = () =>
    ({ matches: false, addListener() {}, removeListener() {} }) as unknown as MediaQueryList;
  supplyCanvas(window);

  const svg = window.SVGElement.prototype as unknown as Record<string, unknown>;
  const box = function (this: SVGElement): object {
    const { width, height } = measured(window, this);
    return { x: 0, y: 0, left: 0, top: 0, width, height, right: width, bottom: height };
  };
  svg["getBBox"] = box;
  svg["getBoundingClientRect"] = box;
  svg["getComputedTextLength"] = function (this: SVGElement): number {
    return measured(window, this).width;
  };
  // Labels along contour lines are placed by walking their path.
  svg["getTotalLength"] = function (this: SVGElement): number {
    return pathLength(this.getAttribute("d") ?? "");
  };
  svg["getPointAtLength"] = () => ({ x: 0, y: 0 });
  svg["getScreenCTM"] = () => ({ a: 1, b: 0, c: 0, d: 1, e: 0, f: 0, inverse: () => null });

  const globals = window as unknown as Record<string, unknown>;
  for (const name of [
    "TextDecoder",
    "TextEncoder",
    "structuredClone",
    "fetch",
    "Response",
    "Request",
    "Headers",
  ])
    globals[name] ??= (globalThis as Record<string, unknown>)[name];
  for (const name of ["ResizeObserver", "IntersectionObserver"])
    globals[name] ??= class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    };
}

/** The size of an element's text; lines are its <tspan class="line"> children, as plotly writes them. */
function measured(window: JSDOM["window"], element: SVGElement): { width: number; height: number } {
  const lines = [...element.querySelectorAll("tspan.line")];
  const texts = lines.length > 0 ? lines : [element];
  const sizes = texts.map((line) => {
    const style = window.getComputedStyle(line);
    return textSize(
      line.textContent ?? "",
      parseFloat(style.fontSize) || 12,
      /bold|[6-9]00/.test(style.fontWeight),
    );
  });
  return {
    width: Math.max(...sizes.map(({ width }) => width)),
    height: sizes.reduce((sum, { height }) => sum + height, 0),
  };
}

function pathLength(path: string): number {
  const numbers = (path.match(/-?\d+\.?\d*/g) ?? []).map(Number);
  let length = 0;
  for (let i = 2; i + 1 < numbers.length; i += 2) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = numbers.slice(i - 2, i + 2);
    length += Math.hypot(x1 - x0, y1 - y0);
  }
  return length;
}
