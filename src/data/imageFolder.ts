import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ShapeError } from "../util/errors.ts";
import { readBytes } from "./bytes.ts";
import { decodePng, type Picture } from "./png.ts";
import { TensorDataset } from "./tensorDataset.ts";

export interface ImageFolderOptions {
  /** 1 is grey, 3 red, green, blue. Default: 1 if all images are grey, else 3. */
  readonly channels?: 1 | 3;
  /** The grey, 0–255, that lies behind transparent pixels. Default 255, paper. */
  readonly background?: number;
}

/**
 * PNG images in folders: `path/cat/*.png`, `path/dog/*.png`. The folders' names, in alphabetical order, are the
 * classes. Names that begin with a dot are passed over.
 *
 * Colour becomes grey as in Pillow and television: 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
 *
 * @param path relative to the working directory, which in a notebook is its folder
 * @returns images `[N, H, W, channels]` in bytes, given out in [0, 1], and their class indices
 * @throws ShapeError naming the image, if its size differs from the first one's
 * @throws Error naming the file, if it is no sound PNG file or lies outside the folders
 * @example
 * const animals = await data.imageFolder("animals");
 * animals.classNames; // ["cat", "dog"]
 */
export async function imageFolder(path: string, options: ImageFolderOptions = {}): Promise<TensorDataset> {
  const { background = 255 } = options;
  if (!(Number.isInteger(background) && background >= 0 && background <= 255)) {
    throw new RangeError(`imageFolder: background must be an integer from 0 to 255, got ${background}`);
  }
  const classNames = await namesIn(path, "folder");
  const labels: number[] = [];
  const pictures: Picture[] = [];
  for (const [label, name] of classNames.entries()) {
    for (const file of await namesIn(join(path, name), "image")) {
      const image = join(path, name, file);
      const picture = decodePng(`imageFolder: ${image}`, await readBytes("imageFolder", image));
      const [first = picture] = pictures;
      if (picture.width !== first.width || picture.height !== first.height) {
        throw new ShapeError(
          `imageFolder: ${image} is ${picture.height}×${picture.width} pixels, and the first image ` +
            `${first.height}×${first.width}; all must be of one size`,
        );
      }
      pictures.push(picture);
      labels.push(label);
    }
  }
  if (pictures.length === 0) throw new Error(`imageFolder: no images in the folders of ${resolve(path)}`);
  const channels = options.channels ?? (pictures.every((picture) => picture.channels <= 2) ? 1 : 3);
  const [{ width, height }] = pictures;
  const size = width * height * channels;
  const data = new Uint8Array(pictures.length * size);
  pictures.forEach((picture, index) =>
    paint(picture, channels, background, data.subarray(index * size, (index + 1) * size)),
  );
  return new TensorDataset({ data, shape: [pictures.length, height, width, channels] }, labels, {
    scale: 1 / 255,
    classNames,
  });
}

/** Folders of classes, or images in one of them, in alphabetical order whatever the system's. */
async function namesIn(path: string, kind: "folder" | "image"): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`imageFolder: cannot read the folder ${resolve(path)}: ${error.message}`, {
      cause: error,
    });
  });
  const visible = entries.filter(({ name }) => !name.startsWith("."));
  for (const entry of visible) {
    const isPng = entry.name.toLowerCase().endsWith(".png");
    if (kind === "folder" && isPng && !entry.isDirectory()) {
      throw new Error(
        `imageFolder: ${join(path, entry.name)} lies outside the folders that name the classes`,
      );
    }
    if (kind === "image" && !isPng) {
      throw new Error(`imageFolder: ${join(path, entry.name)} is no .png file; convert or remove it`);
    }
  }
  return visible
    .filter((entry) => kind === "image" || entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

/** A picture in the channels asked for, on its background. */
function paint({ channels, data }: Picture, wanted: 1 | 3, background: number, to: Uint8Array): void {
  const opaque = channels % 2 === 1;
  const colours = opaque ? channels : channels - 1;
  for (let pixel = 0; pixel < to.length / wanted; pixel++) {
    const at = pixel * channels;
    const opacity = opaque ? 255 : data[at + channels - 1];
    const level = (channel: number): number =>
      Math.round((data[at + (colours === 1 ? 0 : channel)] * opacity + background * (255 - opacity)) / 255);
    if (wanted === 3) for (let channel = 0; channel < 3; channel++) to[3 * pixel + channel] = level(channel);
    else if (colours === 1) to[pixel] = level(0);
    // The weights in 65,536ths, as Pillow has them.
    else to[pixel] = (19595 * level(0) + 38470 * level(1) + 7471 * level(2) + 32768) >> 16;
  }
}
