/** `gradbook doctor`: what works here, what does not, and how to mend it. */
import {
  checkCompute,
  checkExtension,
  checkJupyter,
  checkKernel,
  checkKernelSpec,
  checkNode,
  type Finding,
} from "./checks.ts";
import { findJupyter } from "./jupyter.ts";

const marks = { works: "✓", "works, but": "!", broken: "✗" } as const;

/** Tells each finding as it is made. Answers whether nothing is broken. */
export async function doctor(say: (line: string) => void): Promise<boolean> {
  let sound = true;
  const tell = (part: string, { status, detail, mend }: Finding): void => {
    sound &&= status !== "broken";
    say(`${marks[status]} ${part.padEnd(11)} ${detail}`);
    if (mend !== undefined) say(`${" ".repeat(14)}→ ${mend}`);
  };
  // Python takes seconds to start, and meanwhile the rest is found out.
  const finding = findJupyter();
  tell("Node", await checkNode());
  tell("SIMD", await checkCompute());
  tell("Kernel", await checkKernel());
  const jupyter = await finding;
  tell("JupyterLab", checkJupyter(jupyter));
  if (jupyter) {
    tell("Kernelspec", checkKernelSpec(jupyter));
    tell("Extension", checkExtension(jupyter));
  }
  return sound;
}
