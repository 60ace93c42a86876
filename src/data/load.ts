import { closest } from "../util/closest.ts";
import { cifar10 } from "./cifar10.ts";
import { digits } from "./digits.ts";
import { iris } from "./iris.ts";
import { fashionMnist, mnist, type Part } from "./mnist.ts";
import { names } from "./names.ts";
import type { TensorDataset } from "./tensorDataset.ts";
import { TextDataset } from "./textDataset.ts";

/** What `load` gives for each name. */
export interface Loaded {
  digits: TensorDataset;
  iris: TensorDataset;
  names: TextDataset;
  hello: TextDataset;
  mnist: TensorDataset;
  "fashion-mnist": TensorDataset;
  "cifar-10": TensorDataset;
}

export interface LoadOptions {
  /** Of data sets that are published in two parts: `"training"` (default) or `"test"`. */
  readonly part?: Part;
}

/** A line of `data.list()`. */
export interface DatasetInfo {
  readonly name: string;
  readonly what: string;
  /** Examples, of both parts together. */
  readonly examples: number;
  /** The size of its files. */
  readonly bytes: number;
  readonly licence: string;
  /** Whether it comes with gradbook or is fetched on first use. */
  readonly source: "shipped" | "downloaded";
}

interface Entry<Result> extends Omit<DatasetInfo, "name"> {
  /** Published in two parts. */
  readonly parts?: boolean;
  readonly read: (part: Part) => Promise<Result>;
}

const catalog: { readonly [Name in keyof Loaded]: Entry<Loaded[Name]> } = {
  digits: {
    what: "handwritten digits [8, 8, 1], 10 classes",
    examples: 1797,
    bytes: 57_523,
    licence: "CC BY 4.0",
    source: "shipped",
    read: digits,
  },
  iris: {
    what: "flowers in four lengths, 3 species",
    examples: 150,
    bytes: 2_734,
    licence: "CC BY 4.0",
    source: "shipped",
    read: iris,
  },
  names: {
    what: "English first names, for character models",
    examples: 8422,
    bytes: 61_762,
    licence: "PDDL 1.0 and CC0 1.0",
    source: "shipped",
    read: names,
  },
  hello: {
    what: "the word hello, the smallest text to learn",
    examples: 1,
    bytes: 5,
    licence: "MIT",
    source: "shipped",
    read: () => Promise.resolve(new TextDataset(["hello"])),
  },
  mnist: {
    what: "handwritten digits [28, 28, 1], 10 classes; 60,000 training, 10,000 test",
    examples: 70_000,
    bytes: 11_594_722,
    licence: "CC BY-SA 3.0",
    source: "downloaded",
    parts: true,
    read: mnist,
  },
  "fashion-mnist": {
    what: "clothes [28, 28, 1], 10 classes; 60,000 training, 10,000 test",
    examples: 70_000,
    bytes: 30_878_645,
    licence: "MIT",
    source: "downloaded",
    parts: true,
    read: fashionMnist,
  },
  "cifar-10": {
    what: "colour photographs [32, 32, 3], 10 classes; 50,000 training, 10,000 test",
    examples: 60_000,
    bytes: 170_052_171,
    licence: "none stated; for research, cite Krizhevsky 2009",
    source: "downloaded",
    parts: true,
    read: cifar10,
  },
};

/**
 * Read a data set by name: `data.list()` has them all. Files are checked against their published hash every time.
 *
 * Those that do not come with gradbook are downloaded on first use into `gradbook/datasets` in your cache folder, or
 * into the folder that the environment variable GRADBOOK_DATASETS names; a download that broke off goes on where it
 * was. Files that you put there yourself serve as well, packed or unpacked.
 *
 * @throws RangeError if there is no such data set or part
 * @throws Error if a file is damaged, or cannot be downloaded: it says what to put where
 * @example
 * const digits = await data.load("digits");
 * digits.length; // 1797
 * const test = await data.load("mnist", { part: "test" }); // 10,000 images [28, 28, 1] in [0, 1]
 */
export async function load<Name extends keyof Loaded>(
  name: Name,
  options: LoadOptions = {},
): Promise<Loaded[Name]> {
  const known = Object.keys(catalog);
  if (!Object.hasOwn(catalog, name)) {
    const meant = closest(name, known);
    throw new RangeError(
      `data.load: no data set "${name}"; ${meant ? `did you mean "${meant}"? ` : ""}Known: ${known.join(", ")}`,
    );
  }
  const { parts, read } = catalog[name];
  const { part } = options;
  if (part !== undefined && part !== "training" && part !== "test") {
    throw new RangeError(`data.load: part must be "training" or "test", got "${String(part)}"`);
  }
  if (part !== undefined && !parts) {
    throw new RangeError(`data.load: ${name} is not published in parts; divide it with data.split`);
  }
  return read(part ?? "training");
}

/**
 * The data sets that `data.load` knows.
 * @example
 * aq.from(data.list()); // as a table
 */
export function list(): DatasetInfo[] {
  return Object.entries(catalog).map(([name, { what, examples, bytes, licence, source }]) => ({
    name,
    what,
    examples,
    bytes,
    licence,
    source,
  }));
}
