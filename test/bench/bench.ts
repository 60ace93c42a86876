/**
 * `npm run bench`: our tasks, and with `--peers` others' beside them, in one alternating run.
 *
 *     npm run bench -- [--peers torch,jax,tfjs,jax-js] [--threads 1] [--tasks T1,T6,kernels] [--rounds 5]
 *                      [--seconds 0.5] [--limit 90] [--json]
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compare } from "./compare.ts";
import { peerSide } from "./peers/peers.ts";
import { Side } from "./side.ts";
import { comparisonTable } from "./table.ts";
import { chooseTasks } from "./taskList.ts";

const { values: options } = parseArgs({
  options: {
    peers: { type: "string", default: "" },
    threads: { type: "string", default: "1" },
    tasks: { type: "string", default: "" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "0.5" },
    limit: { type: "string", default: "90" },
    json: { type: "boolean", default: false },
  },
});

const list = (names: string): string[] => names.split(",").filter(Boolean);
const threads = Number(options.threads);
const ours = fileURLToPath(new URL("gradbook.ts", import.meta.url));
const sides = [new Side("gradbook", [process.execPath, ours], { GRADBOOK_THREADS: options.threads })];
for (const peer of list(options.peers)) sides.push(await peerSide(peer, threads));

const rounds = Number(options.rounds);
const results = await compare(sides, chooseTasks(list(options.tasks)), {
  threads,
  rounds,
  seconds: Number(options.seconds),
  limit: Number(options.limit),
});
for (const side of sides) side.close();

if (options.json) for (const result of results) console.log(JSON.stringify(result));
else {
  const unit = "steps a second where no other unit stands";
  console.log(`${unit}; ${threads} thread(s), median of ${rounds} rounds\n\n${comparisonTable(results)}`);
}
