/**
 * Trainings that keep a run on disks that fail, for real: one that becomes full, one that is read-only, and a folder that
 * is deleted meanwhile. By hand, on Linux: it mounts file systems of its own, in a namespace that goes with it.
 *
 * Run: unshare --user --map-root-user --mount node test/tracking/realDisks.ts
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { data, losses, nn, optim, random, Tensor, track, train } from "../../src/index.ts";

const told: string[] = [];
console.warn = (message: string) => void told.push(message);

function disk(options: string): string {
  const folder = mkdtempSync(join(tmpdir(), "gradbook-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  return folder;
}

/** A training of 2,000 steps that logs each; answers the run, and the loss of its last step. */
async function trained(
  folder: string,
  meanwhile: (step: number, run: track.Run) => void,
): Promise<[track.Run, number]> {
  random.seed(1);
  const [x, y] = [Tensor.randn([2000, 4]), Tensor.randn([2000, 1])];
  const model = new nn.Linear(4, 1);
  const run = track.run("disk", { folder });
  const watch: train.Callback = { onStep: ({ stepLosses }) => meanwhile(stepLosses.length, run) };
  const { stepLosses, status } = await train.fit(model, {
    data: new data.DataLoader(new data.TensorDataset(x, y), { batchSize: 1 }),
    loss: losses.meanSquaredError,
    optimizer: new optim.SGD(model.parameters(), { learningRate: 0.01 }),
    epochs: 1,
    progress: false,
    track: run,
    callbacks: [watch],
  });
  run.finish();
  if (status !== "finished" || stepLosses.length !== 2000) throw new Error(`the training ended: ${status}`);
  return [run, stepLosses[1999]];
}

function report(disk: string, loss: number, what: string): void {
  if (told.length !== 1) throw new Error(`${disk}: told ${told.length} times, not once:\n${told.join("\n")}`);
  console.log(
    `${disk}: trained to the end, last loss ${loss}; ${what}\n  told once: ${told.splice(0).join()}\n`,
  );
}

const full = disk("size=64k");
const [stopped, lossOnFull] = await trained(full, () => {});
const stored = track.open(stopped.id, { folder: full });
const { steps } = stored.curve("loss");
if (steps.length < 100 || !steps.every((step, place) => step === place + 1))
  throw new Error(`of a full disk ${steps.length} steps were read back`);
report("a full disk", lossOnFull, `${steps.length} of 2,000 steps are read back, without a gap`);

const readOnly = disk("size=1m,ro");
const [, lossOnReadOnly] = await trained(readOnly, () => {});
if (!/EROFS/.test(told.join())) throw new Error(`a read-only disk was told as ${told.join()}`);
report("a read-only disk", lossOnReadOnly, "nothing is kept");

const folder = disk("size=8m");
const [deleted, lossOnDeleted] = await trained(folder, (step, run) => {
  if (step === 1000) rmSync(run.folder, { recursive: true });
});
report(
  "a deleted folder",
  lossOnDeleted,
  `${readdirSync(folder).includes(deleted.id) ? "it is back" : "it stays deleted"}`,
);

if (new Set([lossOnFull, lossOnReadOnly, lossOnDeleted]).size !== 1) throw new Error("the trainings differ");
for (const each of [full, readOnly, folder]) {
  execFileSync("umount", [each]);
  rmSync(each, { recursive: true });
}
