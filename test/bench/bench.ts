/**
 * `npm run bench`: our tasks, and with `--peers torch` PyTorch's beside them, in one alternating run.
 *
 *     npm run bench -- [--peers torch] [--threads 1] [--tasks T1,T6] [--rounds 5] [--seconds 1] [--json]
 *
 * Machines are noisy and noise comes in stretches, so the sides take turns, round by round, and what is compared is
 * the median over the rounds.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { tasks } from "./tasks.ts";

interface Figures {
  readonly peer: string;
  readonly threads: number;
  readonly task: string;
  readonly steps_per_s: number;
  readonly best: number;
}

const { values: options } = parseArgs({
  options: {
    peers: { type: "string", default: "" },
    threads: { type: "string", default: "1" },
    tasks: { type: "string", default: "" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const prefixes = options.tasks.split(",").filter(Boolean);
const chosen = Object.keys(tasks).filter(
  (name) => prefixes.length === 0 || prefixes.includes(name.split(" ")[0]),
);

type Side = () => string;
const sides: Record<string, Side> = {
  gradbook: () =>
    execFileSync(process.execPath, [path("gradbook.ts"), options.seconds, ...chosen], {
      encoding: "utf8",
      env: { ...process.env, GRADBOOK_THREADS: options.threads },
    }),
};
for (const peer of options.peers.split(",").filter(Boolean)) {
  if (peer !== "torch") throw new RangeError(`bench: no peer "${peer}"; known: torch`);
  const python = torchPython();
  sides[peer] = () =>
    execFileSync(python, [path("peers/torch.py"), options.threads, options.seconds, ...chosen], {
      encoding: "utf8",
    });
}

const figures: Figures[] = [];
for (let round = 0; round < Number(options.rounds); round++)
  for (const side of Object.values(sides))
    for (const line of side().trim().split("\n")) figures.push(JSON.parse(line) as Figures);

const results = chosen.flatMap((task) =>
  Object.keys(sides).map((peer): Figures => {
    const rounds = figures.filter((figure) => figure.task === task && figure.peer === peer);
    const median = rounds.map((figure) => figure.steps_per_s).sort((a, b) => a - b)[rounds.length >> 1];
    const best = Math.max(...rounds.map((figure) => figure.best));
    return { peer, threads: Number(options.threads), task, steps_per_s: median, best };
  }),
);
if (options.json) for (const result of results) console.log(JSON.stringify(result));
else console.log(table(results));

/** A row a task: steps a second of each side, and how many times a peer's median ours is. */
function table(rows: readonly Figures[]): string {
  const heading = [
    "task",
    ...Object.keys(sides).flatMap((peer) => [peer, "best", ...(peer === "gradbook" ? [] : ["ratio"])]),
  ];
  const lines = chosen.map((task) => {
    const own = rows.find((row) => row.task === task && row.peer === "gradbook")!;
    const cells = rows
      .filter((row) => row.task === task)
      .flatMap(({ peer, steps_per_s, best }) => [
        steps_per_s.toFixed(0),
        best.toFixed(0),
        ...(peer === "gradbook" ? [] : [`${(own.steps_per_s / steps_per_s).toFixed(2)}×`]),
      ]);
    return [task, ...cells];
  });
  const widths = heading.map((_, column) =>
    Math.max(...[heading, ...lines].map((line) => line[column].length)),
  );
  const format = (line: string[]): string =>
    line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
  return [
    `steps a second, ${options.threads} thread(s), median of ${options.rounds} rounds`,
    "",
    ...[heading, ...lines].map(format),
  ].join("\n");
}

/** A Python of its own for PyTorch, made on first use. */
function torchPython(): string {
  const folder = path("../../.gradbook/peers/torch");
  const python = `${folder}/bin/python`;
  const pip = ["-m", "pip", "install", "--quiet", "torch==2.13.0", "numpy"];
  if (!existsSync(`${folder}/ready`)) {
    console.error("Installing PyTorch for the comparison …");
    execFileSync("python3", ["-m", "venv", "--clear", folder], { stdio: "inherit" });
    execFileSync(python, pip, { stdio: "inherit" });
    execFileSync("touch", [`${folder}/ready`]);
  }
  return python;
}
