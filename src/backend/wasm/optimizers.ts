import type { OptimizerBackend } from "../backend.ts";
import { PARALLEL_ELEMENTS, pointerOf, runElementwise } from "./dispatch.ts";
import { kernels } from "./kernels.ts";

type Step = "sgdStep" | "momentumStep" | "adamStep";

function run(step: Step, size: number, args: readonly number[]): void {
  if (size < PARALLEL_ELEMENTS) kernels[step](size, ...args);
  else runElementwise(step, size, args);
}

export const optimizers: OptimizerBackend = {
  sgdStep(w, g, { learningRate }) {
    run("sgdStep", w.size, [pointerOf(w), pointerOf(g), learningRate]);
  },

  momentumStep(w, g, m, { learningRate, momentum }) {
    run("momentumStep", w.size, [pointerOf(w), pointerOf(g), pointerOf(m), learningRate, momentum]);
  },

  adamStep(w, g, m, v, step) {
    const { learningRate, beta1, beta2, correction1, correction2, epsilon, epsilonInside } = step;
    run("adamStep", w.size, [
      pointerOf(w),
      pointerOf(g),
      pointerOf(m),
      pointerOf(v),
      learningRate,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      correction1,
      correction2,
      epsilonInside ? epsilon : 0,
      epsilonInside ? 0 : epsilon,
    ]);
  },
};
