/**
 * `npm run bench`: our tasks, and with `--peers` others' beside them, in one alternating run.
 *
 *     npm run bench -- [--peers torch,jax,tfjs,jax-js] [--threads 1] [--tasks T1,T6,kernels] [--rounds 5]
 *                      [--seconds 0.5] [--limit 90] [--json]
 *
 * or one of the long proofs:
 *
 *     npm run bench -- --determinism    the bits of training under every Node, thread count, vector width and tile
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compare, type RunOptions } from "./compare.ts";
import { determinism } from "./determinism.ts";
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
    determinism: { type: "boolean", default: false },
  },
});

const list = (names: string): string[] => names.split(",").filter(Boolean);

if (options.determinism) process.exitCode = (await determinism()) ? 0 : 1;
else
  await race(list(options.peers), chooseTasks(list(options.tasks)), {
    threads: Number(options.threads),
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
    limit: Number(options.limit),
  });

/** Times every side at the tasks, and prints a table or JSON lines. */
async function race(peers: readonly string[], tasks: readonly string[], run: RunOptions): Promise<void> {
  const ours = [process.execPath, fileURLToPath(new URL("gradbook.ts", import.meta.url))];
  const sides = [new Side("gradbook", ours, { GRADBOOK_THREADS: String(run.threads) })];
  for (const peer of peers) sides.push(await peerSide(peer, run.threads));
  const results = await compare(sides, tasks, run);
  for (const side of sides) side.close();
  if (options.json) for (const result of results) console.log(JSON.stringify(result));
  else {
    const conditions = `${run.threads} thread(s), median of ${run.rounds} rounds`;
    console.log(`steps a second where no other unit stands; ${conditions}\n\n${comparisonTable(results)}`);
  }
}
