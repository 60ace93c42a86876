import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { generator } from "../../src/random/index.ts";
import * as track from "../../src/tracking/index.ts";
import { expectedValue } from "./crowdValue.ts";
import { temporaryFolder } from "./folder.ts";

const processes = 80;
/** So many start at once, lest they wait for one another. */
const wave = 8;

interface Logging {
  readonly number: number;
  readonly child: ChildProcess;
  /** The last step that it has said was logged. */
  acknowledged: number;
  /** Resolves as soon as it logs. */
  readonly logging: Promise<void>;
  /** It is killed when it has said so much. */
  killAt: number;
}

test("80 processes log at once and are killed: every complete line is read back, no run is lost or mixed", async () => {
  const folder = temporaryFolder();
  const shared = track.run("shared", { folder });
  const random = generator(11);
  const all: Logging[] = [];
  for (let start = 0; start < processes; start += wave) {
    const some = Array.from({ length: wave }, (_, index) => begin(folder, start + index, shared.id));
    all.push(...some);
    await Promise.all(some.map(({ logging }) => logging));
  }
  expect(all.every(({ child }) => child.exitCode === null && child.signalCode === null)).toBe(true);

  // Each at its own moment, which falls anywhere in what it is doing.
  await Promise.all(
    all.map(async (each) => {
      each.killAt = each.acknowledged + 5 * random.integer(6);
      const [, signal] = await once(each.child, "close");
      expect(signal).toBe("SIGKILL");
    }),
  );

  const found = track.findRuns({ folder, search: "process" });
  expect(found.map(({ name }) => name).toSorted()).toEqual(
    all.map(({ number }) => `process ${number}`).toSorted(),
  );
  const joint = track.open(shared.id, { folder });
  for (const run of found) {
    const number = run.params["number"] as number;
    const { acknowledged } = all[number];
    expect([run.status, run.name]).toEqual(["crashed", `process ${number}`]);
    expect(Object.keys(run.metrics)).toEqual(["value"]);
    for (const { steps, values } of [run.curve("value"), joint.curve(`value${number}`)]) {
      expect(steps.length).toBeGreaterThanOrEqual(acknowledged);
      expect([...steps]).toEqual(Array.from(steps, (_, index) => index + 1));
      expect([...values]).toEqual(Array.from(steps, (step) => expectedValue(number, step)));
    }
  }
  expect(joint.status).toBe("running");
  shared.finish();
  expect(track.open(shared.id, { folder }).status).toBe("finished");
}, 300_000);

function begin(folder: string, number: number, shared: string): Logging {
  const script = join(import.meta.dirname, "logForever.ts");
  const child = spawn(process.execPath, [script, folder, String(number), shared], {
    stdio: ["ignore", "pipe", "inherit"],
    // Outside a repository, where no git starts, and with the sources compiled once: so that it stays light.
    cwd: folder,
    env: { ...process.env, NODE_COMPILE_CACHE: join(folder, ".compiled") },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const { promise, resolve } = Promise.withResolvers<void>();
  const logging: Logging = { number, child, acknowledged: 0, logging: promise, killAt: Infinity };
  createInterface({ input: child.stdout! }).on("line", (line) => {
    logging.acknowledged = Number(line);
    resolve();
    if (logging.acknowledged >= logging.killAt) child.kill("SIGKILL");
  });
  return logging;
}
