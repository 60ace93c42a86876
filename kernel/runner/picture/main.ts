/** The process that draws: a figure comes in, its PNG in base64 goes out, one after the other. */
import { openPage, type Figure } from "./browser.ts";
import { rasterize } from "./font.ts";

export interface PictureRequest {
  id: number;
  figure: Figure;
}

/** As base64, with the size it is to be shown at. */
export interface Picture {
  png: string;
  width: number;
  height: number;
}

export type PictureReply = ({ id: number } & Picture) | { id: number; error: string };

const toSvg = openPage();
let before = Promise.resolve();

process.on("message", ({ id, figure }: PictureRequest) => {
  before = before.then(async () => {
    process.send?.(await draw(id, figure));
  });
});

async function draw(id: number, figure: Figure): Promise<PictureReply> {
  try {
    const { svg, width, height } = await toSvg(figure);
    return { id, png: rasterize(svg, width).toString("base64"), width, height };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
