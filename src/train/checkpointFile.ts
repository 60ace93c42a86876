import { readSafetensors, writeSafetensors } from "../nn/index.ts";
import type { TrainingState } from "./trainingState.ts";

/** Write a training's state as one safetensors file: its arrays, and in the metadata the rest as JSON. */
export async function writeCheckpoint(path: string, { arrays, values }: TrainingState): Promise<void> {
  const { stepLosses, epochs } = values.history;
  const last = epochs.at(-1);
  const numbers = {
    epoch: epochs.length,
    steps: stepLosses.length,
    loss: last?.loss,
    validationLoss: last?.validationLoss,
  };
  const told = Object.entries(numbers).flatMap(([key, number]) =>
    number === undefined ? [] : [[key, String(number)] as const],
  );
  await writeSafetensors(path, arrays, { ...Object.fromEntries(told), checkpoint: encode(values) });
}

/** @throws Error naming the file, if it is missing, damaged, or holds weights alone */
export async function readCheckpoint(path: string): Promise<TrainingState> {
  const { tensors, metadata } = await readSafetensors(path);
  if (metadata.checkpoint === undefined)
    throw new Error(
      `${path} holds weights alone, which model.load takes; a training resumes from what train.checkpoint wrote`,
    );
  try {
    return { arrays: tensors, values: decode(metadata.checkpoint) as TrainingState["values"] };
  } catch (error) {
    throw new Error(`${path}: it is damaged: ${(error as Error).message}`, { cause: error });
  }
}

/** JSON has no NaN, no infinity and no −0: they go as `{ "$number": "NaN" }`. */
const encode = (values: unknown): string =>
  JSON.stringify(values, (_key, value: unknown) =>
    typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
      ? { $number: Object.is(value, -0) ? "-0" : String(value) }
      : value,
  );

const decode = (text: string): unknown =>
  JSON.parse(text, (_key, value: { $number?: unknown } | null) =>
    typeof value === "object" && typeof value?.$number === "string" ? Number(value.$number) : value,
  );
