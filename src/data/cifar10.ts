import type { Part } from "./mnist.ts";
import { remoteFile, type RemoteFile } from "./remoteFile.ts";
import { tarFiles } from "./tar.ts";
import { TensorDataset } from "./tensorDataset.ts";

const archive: RemoteFile = {
  path: "cifar-10/cifar-10-binary.tar.gz",
  urls: [
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    "https://cave.cs.toronto.edu/kriz/cifar-10-binary.tar.gz",
  ],
  size: 170052171,
  sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
};

const classNames = "airplane automobile bird cat deer dog frog horse ship truck".split(" ");
const side = 32;
const channels = 3;
const pixels = side * side;
/** The label, then the image: all red, all green, all blue. */
const record = 1 + channels * pixels;

/** 50,000 and 10,000 colour photographs `[32, 32, 3]`. Source and licence: datasets/cifar-10/README.md. */
export const cifar10 = (part: Part): Promise<TensorDataset> => cifarImages(archive, part);

/** A part of what lies in an archive of records. */
export async function cifarImages(file: RemoteFile, part: Part): Promise<TensorDataset> {
  return cifarRecords(filesOf(part, tarFiles(file.path, await remoteFile(file))));
}

/** The files of the archive that make up a part. @throws Error naming the first that is missing */
export function filesOf(part: Part, files: ReadonlyMap<string, Uint8Array>): Uint8Array[] {
  const names = part === "test" ? ["test_batch"] : [1, 2, 3, 4, 5].map((number) => `data_batch_${number}`);
  return names.map((name) => {
    const file = files.get(`cifar-10-batches-bin/${name}.bin`);
    if (!file) throw new Error(`data.load: ${archive.path} holds no ${name}.bin`);
    return file;
  });
}

/** Records of a label and planes of colour, as images whose colours stand together. */
export function cifarRecords(files: readonly Uint8Array[]): TensorDataset {
  for (const { length } of files) {
    if (length % record !== 0)
      throw new Error(`data.load: ${length} bytes are no whole number of CIFAR-10 records`);
  }
  const count = files.reduce((total, { length }) => total + length / record, 0);
  const images = new Uint8Array(count * channels * pixels);
  const labels = new Int32Array(count);
  let example = 0;
  for (const file of files) {
    for (let start = 0; start < file.length; start += record, example++) {
      labels[example] = file[start];
      const image = example * channels * pixels;
      for (let channel = 0; channel < channels; channel++) {
        const plane = start + 1 + channel * pixels;
        for (let pixel = 0; pixel < pixels; pixel++) {
          images[image + pixel * channels + channel] = file[plane + pixel];
        }
      }
    }
  }
  return new TensorDataset({ data: images, shape: [count, side, side, channels] }, labels, {
    scale: 1 / 255,
    classNames,
  });
}
