import type { EpsilonStep, OptimizerBackend, RawArray } from "../backend.ts";
import { PARALLEL_ELEMENTS, pointerOf, runElementwise } from "./dispatch.ts";
import { kernels } from "./kernels.ts";

/**
 * Each step names its arguments twice: in a call, which V8 compiles into its caller, and as a list, which threads are
 * handed. Spreading the list into the call would box every number, a third of the time of a tiny training step.
 */
const isSmall = (w: RawArray): boolean => w.size < PARALLEL_ELEMENTS;

/** What is added inside the root, and outside. */
const inside = (step: EpsilonStep): number => (step.epsilonInside ? step.epsilon : 0);
const outside = (step: EpsilonStep): number => (step.epsilonInside ? 0 : step.epsilon);

export const optimizers: OptimizerBackend = {
  sgdStep(w, g, { learningRate, weightDecay }) {
    const [n, pw, pg] = [w.size, pointerOf(w), pointerOf(g)];
    if (isSmall(w)) kernels.sgdStep(n, pw, pg, learningRate, weightDecay);
    else runElementwise("sgdStep", n, [pw, pg, learningRate, weightDecay]);
  },

  momentumStep(w, g, m, { learningRate, momentum, weightDecay }) {
    const [n, pw, pg, pm] = [w.size, pointerOf(w), pointerOf(g), pointerOf(m)];
    if (isSmall(w)) kernels.momentumStep(n, pw, pg, pm, learningRate, momentum, weightDecay);
    else runElementwise("momentumStep", n, [pw, pg, pm, learningRate, momentum, weightDecay]);
  },

  lookAhead(w, m, { momentum }) {
    const [n, pw, pm] = [w.size, pointerOf(w), pointerOf(m)];
    if (isSmall(w)) kernels.lookAhead(n, pw, pm, momentum);
    else runElementwise("lookAhead", n, [pw, pm, momentum]);
  },

  nesterovStep(w, g, m, { learningRate, momentum, weightDecay }) {
    const [n, pw, pg, pm] = [w.size, pointerOf(w), pointerOf(g), pointerOf(m)];
    if (isSmall(w)) kernels.nesterovStep(n, pw, pg, pm, learningRate, momentum, weightDecay);
    else runElementwise("nesterovStep", n, [pw, pg, pm, learningRate, momentum, weightDecay]);
  },

  adaGradStep(w, g, G, step) {
    const [n, pw, pg, pG] = [w.size, pointerOf(w), pointerOf(g), pointerOf(G)];
    const [rate, low, high] = [step.learningRate, inside(step), outside(step)];
    if (isSmall(w)) kernels.adaGradStep(n, pw, pg, pG, rate, low, high);
    else runElementwise("adaGradStep", n, [pw, pg, pG, rate, low, high]);
  },

  rmsPropStep(w, g, G, step) {
    const [n, pw, pg, pG] = [w.size, pointerOf(w), pointerOf(g), pointerOf(G)];
    const [rate, decay, low, high] = [step.learningRate, step.decay, inside(step), outside(step)];
    if (isSmall(w)) kernels.rmsPropStep(n, pw, pg, pG, rate, decay, 1 - decay, low, high);
    else runElementwise("rmsPropStep", n, [pw, pg, pG, rate, decay, 1 - decay, low, high]);
  },

  adaDeltaStep(w, g, G, S, step) {
    const [n, pw, pg, pG, pS] = [w.size, pointerOf(w), pointerOf(g), pointerOf(G), pointerOf(S)];
    const [decay, low, high] = [step.decay, inside(step), outside(step)];
    if (isSmall(w)) kernels.adaDeltaStep(n, pw, pg, pG, pS, decay, 1 - decay, low, high);
    else runElementwise("adaDeltaStep", n, [pw, pg, pG, pS, decay, 1 - decay, low, high]);
  },

  adamStep(w, g, m, v, step) {
    const [n, pw, pg, pm, pv] = [w.size, pointerOf(w), pointerOf(g), pointerOf(m), pointerOf(v)];
    const { learningRate: rate, beta1: b1, beta2: b2, correction1: c1, correction2: c2 } = step;
    const [low, high] = [inside(step), outside(step)];
    if (isSmall(w)) kernels.adamStep(n, pw, pg, pm, pv, rate, b1, 1 - b1, b2, 1 - b2, c1, c2, low, high);
    else runElementwise("adamStep", n, [pw, pg, pm, pv, rate, b1, 1 - b1, b2, 1 - b2, c1, c2, low, high]);
  },

  adamWStep(w, g, m, v, step) {
    const [n, pw, pg, pm, pv] = [w.size, pointerOf(w), pointerOf(g), pointerOf(m), pointerOf(v)];
    const { learningRate: rate, beta1: b1, beta2: b2, correction1: c1, correction2: c2 } = step;
    const [low, high, decay] = [inside(step), outside(step), rate * step.weightDecay];
    if (isSmall(w))
      kernels.adamWStep(n, pw, pg, pm, pv, rate, b1, 1 - b1, b2, 1 - b2, c1, c2, low, high, decay);
    else {
      const numbers = [rate, b1, 1 - b1, b2, 1 - b2, c1, c2, low, high, decay];
      runElementwise("adamWStep", n, [pw, pg, pm, pv, ...numbers]);
    }
  },
};
