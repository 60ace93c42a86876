import { createCanvas, loadImage } from "@napi-rs/canvas";
import { afterAll, expect, test } from "vitest";
import { createPictures } from "../../../kernel/runner/pictures.ts";

const pictures = createPictures();
afterAll(() => pictures.close());

/** The colours of a picture, and a function that reads one of its pixels. */
async function drawn(data: unknown[], layout: Record<string, unknown>) {
  const { png } = await pictures.draw({ data, layout });
  const image = await loadImage(Buffer.from(png, "base64"));
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const pixel = (x: number, y: number): number[] => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)];
  return { width: image.width, height: image.height, pixel };
}

const bare = { margin: { l: 0, r: 0, t: 0, b: 0 }, xaxis: { visible: false }, yaxis: { visible: false } };

test("a heatmap is drawn at one and a half times its size, its cells with hard edges", async () => {
  const colorscale = [
    [0, "rgb(255, 0, 0)"],
    [1, "rgb(0, 0, 255)"],
  ];
  const heatmap = { type: "heatmap", z: [[0, 1]], colorscale, showscale: false };
  const { width, height, pixel } = await drawn([heatmap], { ...bare, width: 200, height: 100 });
  expect([width, height]).toEqual([300, 150]);
  expect(pixel(140, 75)).toEqual([255, 0, 0]);
  expect(pixel(160, 75)).toEqual([0, 0, 255]);
});

test("a line is drawn in its colour", async () => {
  const line = {
    type: "scatter",
    mode: "lines",
    x: [0, 1],
    y: [1, 1],
    line: { color: "rgb(0, 128, 0)", width: 10 },
  };
  const { pixel } = await drawn([line], { ...bare, width: 100, height: 100 });
  expect(pixel(75, 75)).toEqual([0, 128, 0]);
});

test("a trace that needs WebGL is refused by name, and the next figure is drawn", async () => {
  await expect(pictures.draw({ data: [{ type: "scattergl", y: [1, 2] }] })).rejects.toThrow(
    'a trace of type "scattergl" needs WebGL',
  );
  await expect(pictures.draw({ data: [{ y: [1, 2] }] })).resolves.toMatchObject({
    png: expect.stringMatching(/^iVBOR/),
    width: 800,
    height: 400,
  });
});
