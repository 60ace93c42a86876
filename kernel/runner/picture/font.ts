/**
 * The font of every picture. It comes with the package, so that pictures have their text, and the same
 * bytes, on a machine without fonts too.
 */
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";

const require = createRequire(import.meta.url);
const regular = require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
const bold = require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf");

export const fontFamily = "DejaVu Sans";

const options = {
  loadSystemFonts: false,
  fontFiles: [regular, bold],
  defaultFontFamily: fontFamily,
  sansSerifFamily: fontFamily,
};

/** Sharp on most screens, and a third smaller than at twice the width. */
const scale = 1.5;

/** An SVG of this width as PNG. */
export function rasterize(svg: string, width: number): Buffer {
  // resvg knows the value of SVG 1.1, not the one of CSS that plotly writes.
  const crisp = svg.replaceAll("image-rendering: pixelated", "image-rendering: optimizeSpeed");
  const picture = new Resvg(crisp, {
    background: "white",
    font: options,
    fitTo: { mode: "width", value: scale * width },
  });
  return picture.render().asPng();
}

const lineHeight = 1.2;
const measuredAt = 100;
const widths = new Map<string, number>();

/** The size of one line of text, in the units of `fontSize`. */
export function textSize(text: string, fontSize: number, isBold: boolean): { width: number; height: number } {
  let width = 0;
  for (const character of text) width += characterWidth(character, isBold);
  return { width: (width * fontSize) / measuredAt, height: lineHeight * fontSize };
}

/** The advance of a character, measured once: what two of them between bars add to the bars alone. */
function characterWidth(character: string, isBold: boolean): number {
  const key = `${isBold}${character}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  const width = (textWidth(`|${character}${character}|`, isBold) - textWidth("||", isBold)) / 2;
  widths.set(key, width);
  return width;
}

function textWidth(text: string, isBold: boolean): number {
  const escaped = text.replace(/[&<]/g, (character) => `&#${character.charCodeAt(0)};`);
  const weight = isBold ? "bold" : "normal";
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve"><text y="100" font-family="${fontFamily}" ` +
    `font-weight="${weight}" font-size="${measuredAt}">${escaped}</text></svg>`;
  return new Resvg(svg, { font: options }).getBBox()?.width ?? 0;
}
