import { expect, test } from "vitest";
import { bitsPerCharacter, NGram } from "./nGram.ts";

const texts = [".ann.", ".anna.", ".nan.", ".bob."];
const alphabet = [".", "a", "b", "n", "o"];

test.each([1, 2, 3, 5])(
  "order %i: the probabilities of what may follow add up to 1 in every context",
  (order) => {
    const model = new NGram(texts, order, 0.75, alphabet.length);
    for (const context of [".", ".a", ".an", "nn", "bn", ".bob", "ooo"]) {
      const chances = alphabet.map((next) => 2 ** -(model.bits(context + next) - model.bits(context)));
      expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
      expect(chances.every((chance) => chance > 0)).toBe(true);
    }
  },
);

test("a bigram is Kneser–Ney's formula, by hand", () => {
  const model = new NGram(texts, 2, 0.5, alphabet.length);
  // After the beginning: a twice, n and b once. Before ".", a, b, n, o stand 3, 2, 2, 3 and 1 different characters.
  const unigram = (before: number): number => (before - 0.5) / 11 + ((0.5 * 5) / 11) * (1 / 5);
  expect(2 ** -model.bits(".a")).toBeCloseTo((2 - 0.5) / 4 + ((0.5 * 3) / 4) * unigram(2), 12);
  expect(2 ** -model.bits(".o")).toBeCloseTo(((0.5 * 3) / 4) * unigram(1), 12);
});

test("bits per character are over all but the first, and learned texts cost less", () => {
  const model = new NGram(texts, 3, 0.5, alphabet.length);
  expect(bitsPerCharacter(model, texts)).toBeCloseTo(
    texts.reduce((sum, text) => sum + model.bits(text), 0) / (4 + 5 + 4 + 4),
    12,
  );
  expect(bitsPerCharacter(model, texts)).toBeLessThan(bitsPerCharacter(model, [".oob.", ".bno."]));
});
