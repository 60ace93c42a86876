import { kindOf } from "./parameters.ts";

/** The numbers of one step. */
export interface MetricRecord {
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly values: Readonly<Record<string, number>>;
}

/**
 * The numbers of one step as they are now.
 * @throws TypeError if a value is not a number, or a name is `step` or `time`
 */
export function metricRecord(step: number, values: Readonly<Record<string, number>>): MetricRecord {
  for (const name in values) {
    if (typeof values[name] !== "number") throw notANumber(name, values[name]);
    if (name === "step" || name === "time") throw reserved(name);
  }
  return { step, time: Date.now(), values: { ...values } };
}

/** Its line in a metrics file: `{"step":1,"time":…,"loss":0.31}`; what is not finite stands there as text. */
export function metricLine({ step, time, values }: MetricRecord): string {
  let line = `{"step":${step},"time":${time}`;
  for (const name in values) {
    const value = values[name];
    line += `,${quoted(name)}:${Number.isFinite(value) ? value : `"${value}"`}`;
  }
  return `${line}}`;
}

/** Most names recur in every line; who invents a new one for each shall not fill the memory. */
const known = new Map<string, string>();
const mostKnown = 10_000;

function quoted(name: string): string {
  let text = known.get(name);
  if (text === undefined) {
    if (known.size === mostKnown) known.clear();
    known.set(name, (text = JSON.stringify(name)));
  }
  return text;
}

function reserved(name: "step" | "time"): TypeError {
  const instead = name === "step" ? "give it as { step }" : "choose another name";
  return new TypeError(`run.log: "${name}" is what each line has already; ${instead}`);
}

function notANumber(name: string, value: unknown): TypeError {
  const hint =
    typeof value === "object" && value && "item" in value
      ? "; a scalar tensor gives its number with .item()"
      : "";
  return new TypeError(`run.log: "${name}" must be a number, got ${kindOf(value)}${hint}`);
}
