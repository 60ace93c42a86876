import type { Result } from "./compare.ts";
import { taskList } from "./taskList.ts";

/** Lines of cells under a heading: the first column to the left, numbers to the right. */
export function table(heading: readonly string[], lines: readonly (readonly string[])[]): string {
  const rows = [heading, ...lines];
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const format = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
  return rows.map((row) => format(row).trimEnd()).join("\n");
}

/** A row a task: each side's median and best, and how many times as fast as a peer the first side is. */
export function comparisonTable(results: readonly Result[]): string {
  const sides = [...new Set(results.map(({ peer }) => peer))];
  const tasks = [...new Set(results.map(({ task }) => task))];
  const [own, ...peers] = sides;
  const heading = ["task", own, "best", ...peers.flatMap((peer) => [peer, "best", "ratio"])];
  const lines = tasks.map((task) => {
    const row = results.filter((result) => result.task === task);
    const ours = row.find(({ peer }) => peer === own)!;
    return [
      titleOf(task),
      ...row.flatMap((result) => [
        ...figures(task, result),
        ...(result.peer === own ? [] : [ratio(ours, result)]),
      ]),
    ];
  });
  return [table(heading, lines), ...missing(results)].join("\n");
}

function titleOf(task: string): string {
  const { title, unit } = taskList[task];
  const group = /^T\d/.exec(task)?.[0];
  return [group, title].filter(Boolean).join(" ") + (unit ? `, ${unit}` : "");
}

function figures(task: string, result: Result): [string, string] {
  if ("error" in result) return ["—", "—"];
  const { convert = (rate) => rate } = taskList[task];
  return [decimals(convert(result.steps_per_s)), decimals(convert(result.best))];
}

const decimals = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

function ratio(ours: Result, theirs: Result): string {
  if ("error" in ours || "error" in theirs) return "—";
  return `${(ours.steps_per_s / theirs.steps_per_s).toFixed(2)}×`;
}

/** Why a side has no figure. Single kernels are compared only where a peer has them. */
function missing(results: readonly Result[]): string[] {
  const reasons = results.flatMap((result) =>
    "error" in result ? [`— ${result.peer}, ${result.task}: ${result.error}`] : [],
  );
  return reasons.length > 0 ? ["", ...reasons] : [];
}
