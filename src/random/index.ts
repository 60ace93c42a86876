export { defaultGenerator, defaultSeed, generator, seed } from "./default.ts";
export { Generator } from "./generator.ts";
export type { GeneratorState } from "./generator.ts";
