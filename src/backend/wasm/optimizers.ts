import type { OptimizerBackend } from "../backend.ts";
import { pointerOf, runElementwise } from "./dispatch.ts";

export const optimizers: OptimizerBackend = {
  sgdStep(w, g, { learningRate }) {
    runElementwise("sgdStep", w.size, [pointerOf(w), pointerOf(g), learningRate]);
  },

  momentumStep(w, g, m, { learningRate, momentum }) {
    const args = [pointerOf(w), pointerOf(g), pointerOf(m), learningRate, momentum];
    runElementwise("momentumStep", w.size, args);
  },

  adamStep(w, g, m, v, step) {
    const { learningRate, beta1, beta2, correction1, correction2, epsilon, epsilonInside } = step;
    const state = [pointerOf(w), pointerOf(g), pointerOf(m), pointerOf(v)];
    const rates = [learningRate, beta1, 1 - beta1, beta2, 1 - beta2];
    const rest = [correction1, correction2, epsilonInside ? epsilon : 0, epsilonInside ? 0 : epsilon];
    runElementwise("adamStep", w.size, [...state, ...rates, ...rest]);
  },
};
