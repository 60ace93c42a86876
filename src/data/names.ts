import { TextDataset } from "./textDataset.ts";
import { verifiedFile } from "./verifiedFile.ts";

const lists = [
  ["names/female.txt", "f2ee53b7adf88a44c0ffaa5aa549e749ac6bd95e813cb68213145276b8efd8c9"],
  ["names/male.txt", "35cf3ca775b204f7a67a6a25f651e7149ea0f0d22ffad9d366e680fe948ca38e"],
] as const;

/**
 * 8,422 English first names, women's and men's, in alphabetical order, each once. "." begins and ends a name. Source
 * and licence: datasets/names/README.md.
 */
export async function names(): Promise<TextDataset> {
  const texts = await Promise.all(
    lists.map(async ([path, sha256]) => (await verifiedFile(path, sha256)).toString("latin1")),
  );
  const all = new Set(texts.flatMap((text) => text.trimEnd().split("\n")));
  return new TextDataset([...all].toSorted(), { boundary: "." });
}
