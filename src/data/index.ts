export { DataLoader } from "./dataLoader.ts";
export type { DataLoaderOptions, DataLoaderState } from "./dataLoader.ts";
export type { Batch, Dataset } from "./dataset.ts";
export { list, load } from "./load.ts";
export { split, Subset } from "./split.ts";
export type { SplitOptions } from "./split.ts";
export { TensorDataset } from "./tensorDataset.ts";
export type { Rows, TensorDatasetOptions } from "./tensorDataset.ts";
