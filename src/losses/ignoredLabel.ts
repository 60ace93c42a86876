/** The class index of an example that counts nothing, as padding does; PyTorch's `ignore_index`. */
export const ignoredLabel = -100;
