import { type Augmentation, augmentation, type Images, recipeOf, type Transform } from "./images.ts";

/**
 * One augmentation after the other, all drawing from one generator. A function of your own from images and a
 * generator to images can stand among them.
 *
 * @returns an augmentation of images `[N, H, W, C]`, bytes or floats
 * @example
 * const loader = new data.DataLoader(training, {
 *   batchSize: 64,
 *   shuffle: true,
 *   augment: augment.compose(augment.rotate({ degrees: [-10, 10] }), augment.translate({ x: [-2, 2], y: [-2, 2] })),
 * });
 */
export function compose(...augmentations: readonly Transform[]): Augmentation {
  const recipes = augmentations.map(recipeOf);
  return augmentation("compose", recipes.includes(undefined) ? undefined : recipes, (images, _, generator) =>
    augmentations.reduce((current: Images, each) => each(current, generator), images),
  );
}
