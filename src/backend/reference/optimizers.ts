import type { AdamStep, EpsilonStep, OptimizerBackend, RawArray } from "../backend.ts";
import { type Rounding, rounding } from "./rounding.ts";

/** √(x + ε) or √x + ε. */
const rootOf = ({ epsilon, epsilonInside }: EpsilonStep, round: Rounding): ((x: number) => number) => {
  const rounded = round(epsilon);
  return epsilonInside
    ? (x) => round(Math.sqrt(round(x + rounded)))
    : (x) => round(round(Math.sqrt(x)) + rounded);
};

/** βx + (1 − β)y. */
const meanOf = (beta: number, round: Rounding): ((x: number, y: number) => number) => {
  const [part, rest] = [round(beta), round(1 - beta)];
  return (x, y) => round(round(part * x) + round(rest * y));
};

export const optimizers: OptimizerBackend = {
  sgdStep(w, g, step) {
    const round = rounding(w.dtype);
    const [rate, decay] = [round(step.learningRate), round(step.weightDecay)];
    for (let i = 0; i < w.size; i++) w.data[i] -= round(rate * round(g.data[i] + round(decay * w.data[i])));
  },

  momentumStep(w, g, m, step) {
    const round = rounding(w.dtype);
    const [rate, momentum, decay] = [step.learningRate, step.momentum, step.weightDecay].map(round);
    for (let i = 0; i < w.size; i++) {
      const gradient = round(g.data[i] + round(decay * w.data[i]));
      m.data[i] = round(momentum * m.data[i]) - round(rate * gradient);
      w.data[i] += m.data[i];
    }
  },

  lookAhead(w, m, step) {
    const round = rounding(w.dtype);
    const momentum = round(step.momentum);
    for (let i = 0; i < w.size; i++) w.data[i] += round(momentum * m.data[i]);
  },

  nesterovStep(w, g, m, step) {
    const round = rounding(w.dtype);
    const [rate, momentum, decay] = [step.learningRate, step.momentum, step.weightDecay].map(round);
    for (let i = 0; i < w.size; i++) {
      const carried = round(momentum * m.data[i]);
      const gradient = round(g.data[i] + round(decay * round(w.data[i] + carried)));
      m.data[i] = carried - round(rate * gradient);
      w.data[i] += m.data[i];
    }
  },

  adaGradStep(w, g, G, step) {
    const round = rounding(w.dtype);
    const rate = round(step.learningRate);
    const root = rootOf(step, round);
    for (let i = 0; i < w.size; i++) {
      G.data[i] += round(g.data[i] * g.data[i]);
      w.data[i] -= round(round(rate * g.data[i]) / root(G.data[i]));
    }
  },

  rmsPropStep(w, g, G, step) {
    const round = rounding(w.dtype);
    const rate = round(step.learningRate);
    const [mean, root] = [meanOf(step.decay, round), rootOf(step, round)];
    for (let i = 0; i < w.size; i++) {
      G.data[i] = mean(G.data[i], round(g.data[i] * g.data[i]));
      w.data[i] -= round(round(rate * g.data[i]) / root(G.data[i]));
    }
  },

  adaDeltaStep(w, g, G, S, step) {
    const round = rounding(w.dtype);
    const [mean, root] = [meanOf(step.decay, round), rootOf(step, round)];
    for (let i = 0; i < w.size; i++) {
      G.data[i] = mean(G.data[i], round(g.data[i] * g.data[i]));
      const move = round(round(root(S.data[i]) / root(G.data[i])) * g.data[i]);
      S.data[i] = mean(S.data[i], round(move * move));
      w.data[i] -= move;
    }
  },

  adamStep,

  adamWStep(w, g, m, v, step) {
    const round = rounding(w.dtype);
    const decay = round(step.learningRate * step.weightDecay);
    for (let i = 0; i < w.size; i++) w.data[i] -= round(decay * w.data[i]);
    adamStep(w, g, m, v, step);
  },
};

function adamStep(w: RawArray, g: RawArray, m: RawArray, v: RawArray, step: AdamStep): void {
  const round = rounding(w.dtype);
  const rate = round(step.learningRate);
  const [correction1, correction2] = [round(step.correction1), round(step.correction2)];
  const [mean1, mean2] = [meanOf(step.beta1, round), meanOf(step.beta2, round)];
  const root = rootOf(step, round);
  for (let i = 0; i < w.size; i++) {
    m.data[i] = mean1(m.data[i], g.data[i]);
    v.data[i] = mean2(v.data[i], round(g.data[i] * g.data[i]));
    const numerator = round(rate * round(m.data[i] / correction1));
    w.data[i] -= round(numerator / root(round(v.data[i] / correction2)));
  }
}
