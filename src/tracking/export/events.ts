import type { Histogram } from "../../train/index.ts";
import { Message } from "./protobuf.ts";

/**
 * TensorBoard's messages, by the field numbers of its own definitions:
 * https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto (event, summary, tensor) and
 * https://github.com/tensorflow/tensorboard/tree/master/tensorboard/plugins/hparams (api, plugin_data).
 */

/** The first record of a file. */
export const versionEvent = (seconds: number): Message =>
  new Message().double(1, seconds).text(3, "brain.Event:2");

/** Event { wall_time, step, summary { value } } */
export const summaryEvent = (seconds: number, step: number, value: Message): Message =>
  new Message().double(1, seconds).integer(2, step).message(5, new Message().message(1, value));

/** A number, which TensorBoard keeps in float32. */
export const scalar = (tag: string, value: number): Message => new Message().text(1, tag).float(2, value);

/**
 * Bins with their upper limits. The sums, which TensorBoard shows nowhere, are those of numbers in the middle of their
 * bins.
 */
export function histogram(tag: string, { low, high, counts }: Histogram): Message {
  const width = (high - low) / counts.length;
  const middles = counts.map((_, bin) => low + (bin + 0.5) * width);
  const sum = (term: (bin: number) => number): number =>
    counts.reduce((total, _, bin) => total + term(bin), 0);
  const limits = counts.map((_, bin) => (bin === counts.length - 1 ? high : low + (bin + 1) * width));
  const proto = new Message()
    .double(1, low)
    .double(2, high)
    .double(
      3,
      sum((bin) => counts[bin]),
    )
    .double(
      4,
      sum((bin) => counts[bin] * middles[bin]),
    )
    .double(
      5,
      sum((bin) => counts[bin] * middles[bin] * middles[bin]),
    )
    .doubles(6, limits)
    .doubles(7, counts);
  return new Message().text(1, tag).message(5, proto);
}

const DT_STRING = 7;

/** A text, shown as Markdown: a tensor of one string. */
export function text(tag: string, value: string): Message {
  const shape = new Message().message(2, new Message().integer(1, 1));
  const tensor = new Message().integer(1, DT_STRING).message(2, shape).text(8, value);
  return new Message().text(1, `${tag}/text_summary`).message(8, tensor).message(9, metadata("text"));
}

/** The parameters of a run, by which TensorBoard's HParams page compares runs. */
export function sessionStart(
  params: Readonly<Record<string, string | number | boolean | null>>,
  seconds: number,
): Message {
  const info = new Message();
  for (const [name, value] of Object.entries(params))
    info.message(1, new Message().text(1, name).message(2, hparamValue(value)));
  info.double(5, seconds);
  return hparams("_hparams_/session_start_info", new Message().message(3, info));
}

const statusNumbers = { finished: 1, failed: 2, running: 3 } as const;

export const sessionEnd = (status: keyof typeof statusNumbers, seconds: number): Message =>
  hparams(
    "_hparams_/session_end_info",
    new Message().message(4, new Message().integer(1, statusNumbers[status]).double(2, seconds)),
  );

/** google.protobuf.Value */
function hparamValue(value: string | number | boolean | null): Message {
  if (value === null) return new Message().integer(1, 0);
  if (typeof value === "number") return new Message().double(2, value);
  if (typeof value === "string") return new Message().text(3, value);
  return new Message().integer(4, value ? 1 : 0);
}

const hparams = (tag: string, content: Message): Message =>
  new Message().text(1, tag).message(9, metadata("hparams", content.encode()));

const metadata = (plugin: string, content: Uint8Array = Buffer.alloc(0)): Message =>
  new Message().message(1, new Message().text(1, plugin).bytes(2, content));
