/** What a process logs at a step: a number that tells both, with many digits. */
export const expectedValue = (process: number, step: number): number => process + 1 / (step + 2);
