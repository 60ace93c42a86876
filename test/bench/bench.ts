/**
 * `npm run bench`: our tasks, and with `--peers` others' beside them, in one alternating run.
 *
 *     npm run bench -- [--peers torch,jax,tfjs,jax-js] [--threads 1] [--tasks T1,T6,kernels] [--rounds 5]
 *                      [--seconds 0.5] [--limit 180] [--json]
 *
 * or one of the long proofs:
 *
 *     npm run bench -- --determinism            the bits of training under every Node, thread count, width and tile
 *     npm run bench -- --memory                 20,000 steps of LeNet, and what memory does
 *     npm run bench -- --names                  a character LSTM on first names, and the best n-gram
 *     npm run bench -- --memory-task            an LSTM and a plain RNN asked for the first of 1,000 symbols
 *     npm run bench -- --gan                    a GAN on digits, and what its images are worth to a classifier
 *     npm run bench -- --course [--tasks l1]    what the course promises of MNIST, each training as a learner writes it
 *     npm run bench -- --tracking               what tracking adds to a step of T1, and how long reading takes
 *     npm run bench -- --mnist [--threads 2]    LeNet on MNIST beside PyTorch: accuracy, and the time of an epoch
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compare, type RunOptions } from "./compare.ts";
import { determinism } from "./determinism.ts";
import { mnist } from "./mnist.ts";
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
    limit: { type: "string", default: "180" },
    json: { type: "boolean", default: false },
    determinism: { type: "boolean", default: false },
    memory: { type: "boolean", default: false },
    tracking: { type: "boolean", default: false },
    mnist: { type: "boolean", default: false },
    names: { type: "boolean", default: false },
    gan: { type: "boolean", default: false },
    course: { type: "boolean", default: false },
    "memory-task": { type: "boolean", default: false },
  },
});

const list = (names: string): string[] => names.split(",").filter(Boolean);
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const environment = { GRADBOOK_THREADS: options.threads };

// A signal alone would end this process without its "exit", at which the sides are closed.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

if (options.determinism) process.exitCode = (await determinism()) ? 0 : 1;
else if (options.memory) process.exitCode = runAlone("--expose-gc", file("memory.ts"), "20000");
else if (options.names) process.exitCode = runAlone(file("names.ts"));
else if (options.gan) process.exitCode = runAlone(file("gan.ts"));
else if (options.course) process.exitCode = runAlone(file("courseMnist.ts"), ...list(options.tasks));
else if (options["memory-task"]) process.exitCode = runAlone(file("memoryTask.ts"));
else if (options.tracking)
  process.exitCode = runAlone(file("trackingCost.ts"), "80") || runAlone(file("trackingReads.ts"));
else if (options.mnist) await mnist(Number(options.threads));
else
  await race(list(options.peers), chooseTasks(list(options.tasks)), {
    threads: Number(options.threads),
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
    limit: Number(options.limit),
  });

/** Times every side at the tasks, and prints a table or JSON lines. */
async function race(peers: readonly string[], tasks: readonly string[], run: RunOptions): Promise<void> {
  const sides = [new Side("gradbook", [process.execPath, file("gradbook.ts")], environment)];
  for (const peer of peers) sides.push(await peerSide(peer, run.threads));
  const results = await compare(sides, tasks, run);
  for (const side of sides) side.close();
  if (options.json) for (const result of results) console.log(JSON.stringify(result));
  else {
    const conditions = `${run.threads} thread(s), median of ${run.rounds} rounds`;
    console.log(`steps a second where no other unit stands; ${conditions}\n\n${comparisonTable(results)}`);
  }
}

/** In a process of its own, which starts with so many threads; answers its exit code. */
function runAlone(...args: string[]): number {
  const { status } = spawnSync(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  return status ?? 1;
}
