/** A process that logs until it is killed, into a run of its own and a shared one: `logForever.ts <folder> <number> <id>` */
import { flushCompileCache } from "node:module";
import { resume } from "../../src/tracking/resume.ts";
import { run } from "../../src/tracking/run.ts";
import { expectedValue } from "./crowdValue.ts";

const [folder, number, shared] = process.argv.slice(2);
const own = run(`process ${number}`, { folder, params: { number: Number(number) } });
const joint = resume(shared, { folder });

// A process that is killed would not write it, and each of the others compile anew.
flushCompileCache();

let step = 0;
function someLines(): void {
  // What was logged the time before, a quarter of a second ago, must be found again, whatever happens next.
  if (step > 0) process.stdout.write(`${step}\n`);
  for (let line = 0; line < 5; line++) {
    step++;
    own.log({ value: expectedValue(Number(number), step) }, { step });
    joint.log({ [`value${number}`]: expectedValue(Number(number), step) }, { step });
  }
}
setInterval(someLines, 250);
