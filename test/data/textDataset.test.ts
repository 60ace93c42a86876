import { describe, expect, test } from "vitest";
import { DataLoader, TextDataset, Vocabulary } from "../../src/data/index.ts";
import { Tensor } from "../../src/tensor/tensor.ts";

describe("Vocabulary", () => {
  test("characters by code point, the first ones first; there and back", () => {
    const vocabulary = new Vocabulary(["héllo", "🙂."], ["."]);
    expect(vocabulary.characters).toEqual([".", "h", "l", "o", "é", "🙂"]);
    expect(vocabulary.size).toBe(6);
    expect([...vocabulary.encode("🙂hol.")]).toEqual([5, 1, 3, 2, 0]);
    expect(vocabulary.decode(vocabulary.encode("hello".replace("e", "é")))).toBe("héllo");
  });

  test("errors name what is not in it", () => {
    const vocabulary = new Vocabulary(["ab"]);
    expect(() => vocabulary.encode("abc")).toThrow('Vocabulary: no character "c"; it holds "ab"');
    expect(() => vocabulary.decode([0, 2])).toThrow("Vocabulary: no character 2; they are numbered 0 to 1");
  });
});

describe("TextDataset", () => {
  test("labels are the inputs one character later; shorter texts are filled up, with labels that count nothing", () => {
    const dataset = new TextDataset(["ba", "c", "abc"], { boundary: "." });
    const { inputs, labels, lengths, size } = dataset.batch([1, 0]);
    expect([inputs.dtype, labels.dtype, lengths?.dtype, size]).toEqual(["int32", "int32", "int32", 2]);
    expect(inputs.toArray()).toEqual([
      [0, 3, 0],
      [0, 2, 1],
    ]);
    expect(labels.toArray()).toEqual([
      [3, 0, -100],
      [2, 1, 0],
    ]);
    expect(lengths?.toArray()).toEqual([2, 3]);
  });

  test("without a boundary a text of n characters has n − 1 steps", () => {
    const { inputs, labels, lengths } = new TextDataset(["hello"]).batch([0]);
    expect([inputs.shape, labels.shape, lengths?.toArray()]).toEqual([[1, 4], [1, 4], [4]]);
  });

  test("a loader frees the lengths too", () => {
    const before = Tensor.memory().tensors;
    for (const { lengths } of new DataLoader(new TextDataset(["ab", "abc", "b"], { boundary: "." }), {
      batchSize: 2,
    })) {
      expect(lengths?.shape[0]).toBeGreaterThan(0);
    }
    expect(Tensor.memory().tensors).toBe(before);
  });

  test("errors name the text", () => {
    expect(() => new TextDataset(["ab", "c"])).toThrow(
      "TextDataset: text 1 has 1 characters; the next one needs two",
    );
    expect(() => new TextDataset(["a.b"], { boundary: "." })).toThrow('text 0 holds the boundary ".": "a.b"');
    expect(() => new TextDataset(["ab"], { boundary: "" })).toThrow('boundary must be one character, got ""');
    expect(() => new TextDataset(["ab"]).batch([1])).toThrow("batch: no example 1 among 1; use 0 to 0");
  });
});
