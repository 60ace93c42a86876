import type { OptimizerBackend } from "../backend.ts";
import { rounding } from "./rounding.ts";

export const optimizers: OptimizerBackend = {
  sgdStep(w, g, step) {
    const round = rounding(w.dtype);
    const rate = round(step.learningRate);
    for (let i = 0; i < w.size; i++) w.data[i] -= round(rate * g.data[i]);
  },

  momentumStep(w, g, m, step) {
    const round = rounding(w.dtype);
    const rate = round(step.learningRate);
    const momentum = round(step.momentum);
    for (let i = 0; i < w.size; i++) {
      m.data[i] = round(momentum * m.data[i]) - round(rate * g.data[i]);
      w.data[i] += m.data[i];
    }
  },

  adamStep(w, g, m, v, step) {
    const round = rounding(w.dtype);
    const [rate, beta1, beta2] = [round(step.learningRate), round(step.beta1), round(step.beta2)];
    const [rest1, rest2] = [round(1 - step.beta1), round(1 - step.beta2)];
    const [correction1, correction2] = [round(step.correction1), round(step.correction2)];
    const epsilon = round(step.epsilon);
    for (let i = 0; i < w.size; i++) {
      const gradient = g.data[i];
      m.data[i] = round(beta1 * m.data[i]) + round(rest1 * gradient);
      v.data[i] = round(beta2 * v.data[i]) + round(rest2 * round(gradient * gradient));
      const numerator = round(rate * round(m.data[i] / correction1));
      const corrected = round(v.data[i] / correction2);
      const root = step.epsilonInside
        ? round(Math.sqrt(round(corrected + epsilon)))
        : round(round(Math.sqrt(corrected)) + epsilon);
      w.data[i] -= round(numerator / root);
    }
  },
};
