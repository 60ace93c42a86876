import { expect, test } from "vitest";
import type { Tensor } from "../../src/tensor/tensor.ts";
import { FEW, MADE, madeImages } from "../bench/madeImages.ts";

// `npm run bench -- --gan` is the same with more epochs and seeds.
test("two players: the discriminator is brought near chance by images that are new, differ, and help a classifier", async () => {
  const { gan, made, few, recognized, scarce } = await madeImages(1, 400);
  const accuracies = gan.epochs.map(({ discriminatorAccuracy }) => discriminatorAccuracy);
  expect(Math.max(...accuracies.slice(0, 50))).toBeGreaterThan(0.95);
  const last = accuracies.slice(-50);
  expect(last.reduce((sum, value) => sum + value, 0) / last.length).toBeLessThan(0.75);

  // A classifier that saw real images only, of every digit; chance is a tenth.
  expect(recognized).toBeGreaterThan(0.6);
  expect(scarce["few real + made"]).toBeGreaterThan(scarce["few real"] + 0.1);

  const images = made.batch(Array.from({ length: MADE }, (_, index) => index)).inputs;
  const real = few.batch(Array.from({ length: FEW }, (_, index) => index)).inputs;
  expect(images.shape).toEqual([MADE, 8, 8, 1]);
  expect([images.min().item() >= 0, images.max().item() <= 1]).toEqual([true, true]);
  const spread = (x: Tensor): number => x.standardDeviation(0).mean().item();
  expect(spread(images) / spread(real)).toBeGreaterThan(0.6);
  const nearest = (row: Tensor): number => real.sub(row).pow(2).sum([1, 2, 3]).min().item();
  const own = (row: number): number => nearest(images.slice(row, row + 1));
  expect(Math.min(...Array.from({ length: MADE }, (_, row) => own(row)))).toBeGreaterThan(0.05);
}, 60_000);
