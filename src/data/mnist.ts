import { parseIdx } from "./idx.ts";
import { remoteFile, type RemoteFile } from "./remoteFile.ts";
import { TensorDataset } from "./tensorDataset.ts";

/** The part a data set is divided into by those who published it. */
export type Part = "training" | "test";

interface Files {
  readonly images: RemoteFile;
  readonly labels: RemoteFile;
}

/** Where each file is published, and what it must hold: datasets/mnist and datasets/fashion-mnist have the sources. */
type Published = Readonly<
  Record<Part, Readonly<Record<"images" | "labels", readonly [number, string, string]>>>
>;

const digits: Published = {
  training: {
    images: [
      9912422,
      "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
      "6bbc9ace898e44ae57da46a324031adb",
    ],
    labels: [
      28881,
      "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
      "a25bea736e30d166cdddb491f175f624",
    ],
  },
  test: {
    images: [
      1648877,
      "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
      "2646ac647ad5339dbf082846283269ea",
    ],
    labels: [
      4542,
      "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
      "27ae3e4e09519cfbb04c329615203637",
    ],
  },
};

const clothes: Published = {
  training: {
    images: [
      26421880,
      "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
      "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    ],
    labels: [
      29515,
      "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
      "9018921c3c673c538a1fc5bad174d6f9",
    ],
  },
  test: {
    images: [
      4422102,
      "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
      "8181f5470baa50b63fa0f6fddb340f0a",
    ],
    labels: [
      5148,
      "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
      "15d484375f8d13e6eb1aabb0c3f46965",
    ],
  },
};

/** 60,000 and 10,000 handwritten digits `[28, 28, 1]`. Source and licence: datasets/mnist/README.md. */
export function mnist(part: Part): Promise<TensorDataset> {
  const servers = [
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
  ];
  return idxImages(filesOf("mnist", servers, digits[part], part), [..."0123456789"]);
}

/** 60,000 and 10,000 pictures of clothes `[28, 28, 1]`. Source and licence: datasets/fashion-mnist/README.md. */
export function fashionMnist(part: Part): Promise<TensorDataset> {
  const servers = [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
  ];
  return idxImages(filesOf("fashion-mnist", servers, clothes[part], part), [
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
  ]);
}

/** What is to be downloaded for a part, from any of the servers. */
export function filesOf(
  folder: string,
  servers: readonly string[],
  published: Published[Part],
  part: Part,
): Files {
  const prefix = part === "training" ? "train" : "t10k";
  const file = (kind: "images" | "labels", axes: number): RemoteFile => {
    const [size, sha256, contentsMd5] = published[kind];
    const name = `${prefix}-${kind}-idx${axes}-ubyte.gz`;
    return {
      path: `${folder}/${name}`,
      urls: servers.map((server) => server + name),
      size,
      sha256,
      contentsMd5,
    };
  };
  return { images: file("images", 3), labels: file("labels", 1) };
}

/** Images and labels that lie in two IDX files; bytes, given out in [0, 1]. */
export async function idxImages(files: Files, classNames: readonly string[]): Promise<TensorDataset> {
  const images = parseIdx(files.images.path, await remoteFile(files.images));
  const labels = parseIdx(files.labels.path, await remoteFile(files.labels));
  return new TensorDataset({ data: images.data, shape: [...images.shape, 1] }, labels, {
    scale: 1 / 255,
    classNames,
  });
}
