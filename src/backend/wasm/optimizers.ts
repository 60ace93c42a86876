import type { AdamStep, EpsilonStep, OptimizerBackend } from "../backend.ts";
import { PARALLEL_ELEMENTS, pointerOf, runElementwise } from "./dispatch.ts";
import { kernels } from "./kernels.ts";

function run(step: keyof OptimizerBackend, size: number, args: readonly number[]): void {
  if (size < PARALLEL_ELEMENTS) kernels[step](size, ...args);
  else runElementwise(step, size, args);
}

/** What is added inside the root, and outside. */
const places = ({ epsilon, epsilonInside }: EpsilonStep): [number, number] =>
  epsilonInside ? [epsilon, 0] : [0, epsilon];

const adamNumbers = (step: AdamStep): number[] => [
  step.learningRate,
  step.beta1,
  1 - step.beta1,
  step.beta2,
  1 - step.beta2,
  step.correction1,
  step.correction2,
  ...places(step),
];

export const optimizers: OptimizerBackend = {
  sgdStep(w, g, { learningRate, weightDecay }) {
    run("sgdStep", w.size, [pointerOf(w), pointerOf(g), learningRate, weightDecay]);
  },

  momentumStep(w, g, m, { learningRate, momentum, weightDecay }) {
    const pointers = [pointerOf(w), pointerOf(g), pointerOf(m)];
    run("momentumStep", w.size, [...pointers, learningRate, momentum, weightDecay]);
  },

  lookAhead(w, m, { momentum }) {
    run("lookAhead", w.size, [pointerOf(w), pointerOf(m), momentum]);
  },

  nesterovStep(w, g, m, { learningRate, momentum, weightDecay }) {
    const pointers = [pointerOf(w), pointerOf(g), pointerOf(m)];
    run("nesterovStep", w.size, [...pointers, learningRate, momentum, weightDecay]);
  },

  adaGradStep(w, g, G, step) {
    const pointers = [pointerOf(w), pointerOf(g), pointerOf(G)];
    run("adaGradStep", w.size, [...pointers, step.learningRate, ...places(step)]);
  },

  rmsPropStep(w, g, G, step) {
    const pointers = [pointerOf(w), pointerOf(g), pointerOf(G)];
    const numbers = [step.learningRate, step.decay, 1 - step.decay, ...places(step)];
    run("rmsPropStep", w.size, [...pointers, ...numbers]);
  },

  adaDeltaStep(w, g, G, S, step) {
    const pointers = [pointerOf(w), pointerOf(g), pointerOf(G), pointerOf(S)];
    run("adaDeltaStep", w.size, [...pointers, step.decay, 1 - step.decay, ...places(step)]);
  },

  adamStep(w, g, m, v, step) {
    run("adamStep", w.size, [pointerOf(w), pointerOf(g), pointerOf(m), pointerOf(v), ...adamNumbers(step)]);
  },

  adamWStep(w, g, m, v, step) {
    const pointers = [pointerOf(w), pointerOf(g), pointerOf(m), pointerOf(v)];
    run("adamWStep", w.size, [...pointers, ...adamNumbers(step), step.learningRate * step.weightDecay]);
  },
};
