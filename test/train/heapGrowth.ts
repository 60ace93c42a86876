/** Prints how many bytes of JavaScript's heap a step of T4 leaves behind. Run: node --expose-gc test/train/heapGrowth.ts */
import { random } from "../../src/index.ts";
import { trainings } from "../bench/trainings.ts";

const steps = 5000;
const heap = (): number => {
  globalThis.gc!();
  return process.memoryUsage().heapUsed;
};

random.seed(1);
const { step } = trainings.T4();
for (let count = 0; count < 500; count++) step();
const before = heap();
for (let count = 0; count < steps; count++) step();
console.log((heap() - before) / steps);
