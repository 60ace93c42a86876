import { describe, expect, test } from "vitest";
import type { Backend, RawArray } from "../../src/backend/backend.ts";
import { reference } from "../../src/backend/reference/referenceBackend.ts";
import { kernels } from "../../src/backend/wasm/kernels.ts";
import type { WasmArray } from "../../src/backend/wasm/wasmArray.ts";
import { wasm } from "../../src/backend/wasm/wasmBackend.ts";
import { generator } from "../../src/random/index.ts";

/** A step over a parameter w, its gradient g, and two arrays of state. */
type Step = (backend: Backend, w: RawArray, g: RawArray, a: RawArray, b: RawArray) => void;

const descent = { learningRate: 0.3, momentum: 0.7, weightDecay: 0.2 };
const adaptive = { learningRate: 0.3, decay: 0.7, epsilon: 0.1 };
const adam = { ...adaptive, beta1: 0.6, beta2: 0.7, correction1: 0.19, correction2: 0.0199 };

const plain: [string, Step][] = [
  ["sgdStep", (backend, w, g) => backend.sgdStep(w, g, descent)],
  ["momentumStep", (backend, w, g, a) => backend.momentumStep(w, g, a, descent)],
  ["lookAhead", (backend, w, _g, a) => backend.lookAhead(w, a, descent)],
  ["nesterovStep", (backend, w, g, a) => backend.nesterovStep(w, g, a, descent)],
];
const placed = ([true, false] as const).flatMap((epsilonInside): [string, Step][] => {
  const place = epsilonInside ? "inside" : "outside";
  return [
    [
      `adaGradStep, ε ${place}`,
      (backend, w, g, a) => backend.adaGradStep(w, g, a, { ...adaptive, epsilonInside }),
    ],
    [
      `rmsPropStep, ε ${place}`,
      (backend, w, g, a) => backend.rmsPropStep(w, g, a, { ...adaptive, epsilonInside }),
    ],
    [
      `adaDeltaStep, ε ${place}`,
      (backend, w, g, a, b) => backend.adaDeltaStep(w, g, a, b, { ...adaptive, epsilonInside }),
    ],
    [
      `adamStep, ε ${place}`,
      (backend, w, g, a, b) => backend.adamStep(w, g, a, b, { ...adam, epsilonInside }),
    ],
    [
      `adamWStep, ε ${place}`,
      (backend, w, g, a, b) => backend.adamWStep(w, g, a, b, { ...adam, epsilonInside, weightDecay: 0.2 }),
    ],
  ];
});
const steps = [...plain, ...placed];

const extremes = [0, -0, Infinity, -Infinity, NaN, 1e-45, -1e-45, 1.17e-38, 3.4e38, -3.4e38];

/** w and g of many magnitudes, each extreme of one beside ordinary numbers of the other; the state is never negative. */
function arrays(size: number): Float32Array[] {
  return [0, 1, 2, 3].map((place) => {
    const random = generator(place + 1);
    return Float32Array.from({ length: size }, (_, i) => {
      const drawn = random.normal() * 10 ** (random.integer(5) - 2);
      if (size > 20 && place < 2 && i % 2 === place && i < 20) return extremes[i >> 1];
      return place < 2 ? drawn : Math.abs(drawn);
    });
  });
}

const after = (backend: Backend, step: Step, values: Float32Array[]): RawArray[] => {
  const made = values.map((data) => backend.from(data, [data.length], "float32"));
  const [w, g, a, b] = made;
  for (let repeat = 0; repeat < 3; repeat++) step(backend, w, g, a, b);
  return made;
};

describe.each(steps)("%s", (_name, step) => {
  test.each([0, 1, 3, 4, 6, 33, 70_003])("wasm equals the reference bit for bit over %i weights", (size) => {
    const values = arrays(size);
    const [actual, expected] = [after(wasm, step, values), after(reference, step, values)];
    for (const [place, array] of actual.entries()) {
      const [left, right] = [array.data, expected[place].data];
      for (let i = 0; i < size; i++)
        if (!Object.is(left[i], right[i]))
          expect.fail(`array ${place}, element ${i}: ${left[i]} against ${right[i]}`);
    }
    expect([...actual[1].data]).toEqual([...values[1]]);
  });

  test("moves w", () => {
    const values = arrays(40);
    expect(after(wasm, step, values)[0].data).not.toEqual(values[0]);
  });
});

const exported = Object.keys(reference).filter((name) => /Step$|^lookAhead$/.test(name));

test("every step is tried above", () => {
  const tried = steps.map(([name]) => name.split(",")[0]);
  expect(exported.toSorted()).toEqual([...new Set(tried)].toSorted());
});

describe("kernels write their parameter and state, and nothing beyond", () => {
  const room = 24;
  const kernelArguments: Record<string, (pointers: number[]) => number[]> = {
    sgdStep: ([w, g]) => [w, g, 0.1, 0.1],
    momentumStep: ([w, g, a]) => [w, g, a, 0.1, 0.9, 0.1],
    lookAhead: ([w, , a]) => [w, a, 0.9],
    nesterovStep: ([w, g, a]) => [w, g, a, 0.1, 0.9, 0.1],
    adaGradStep: ([w, g, a]) => [w, g, a, 0.1, 0.1, 0],
    rmsPropStep: ([w, g, a]) => [w, g, a, 0.1, 0.9, 0.1, 0.1, 0],
    adaDeltaStep: ([w, g, a, b]) => [w, g, a, b, 0.9, 0.1, 0.1, 0],
    adamStep: ([w, g, a, b]) => [w, g, a, b, 0.1, 0.9, 0.1, 0.9, 0.1, 0.5, 0.5, 0.1, 0],
    adamWStep: ([w, g, a, b]) => [w, g, a, b, 0.1, 0.9, 0.1, 0.9, 0.1, 0.5, 0.5, 0.1, 0, 0.1],
  };

  test.each(exported.flatMap((name) => [0, 1, 2, 3, 4, 5, 7, 8, 9].map((n) => [name, n] as const)))(
    "%s of %i",
    (name, n) => {
      const made = [0, 1, 2, 3].map(() => wasm.from(new Float32Array(room).fill(77), [room], "float32"));
      const pointers = made.map((array) => (array as WasmArray).pointer);
      kernels[name as "sgdStep"](n, ...kernelArguments[name](pointers));
      const changed = made.map(({ data }) => [...data].findLastIndex((value) => value !== 77));
      expect(changed[0]).toBe(n - 1);
      for (const last of changed) expect(last).toBeLessThan(n);
    },
  );
});
