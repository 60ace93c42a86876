import { onPath } from "./paths.mjs";
import { run } from "./run.mjs";
import { SetupError } from "./say.mjs";

const names = [
  "python3",
  "python",
  "python3.14",
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.10",
  "python3.9",
];

// Debian ships Python without ensurepip, and then `-m venv` fails half-way; asking first leaves nothing behind.
const question = `
import sys, importlib.util as u
print("%d.%d" % sys.version_info[:2], "yes" if u.find_spec("venv") and u.find_spec("ensurepip") else "no")`;

/** A Python >= 3.9 that can make virtual environments. */
export async function findPython() {
  const tooOld = [];
  const withoutVenv = [];
  for (const name of names) {
    const program = onPath(name);
    const { ok, stdout } = program ? await run(program, ["-c", question]) : { ok: false, stdout: "" };
    if (!program || !ok) continue;
    const [version = "", venv] = stdout.trim().split(" ");
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major < 3 || (major === 3 && minor < 9)) tooOld.push(version);
    else if (venv !== "yes") withoutVenv.push({ program, version });
    else return program;
  }
  const [bare] = withoutVenv;
  if (bare)
    throw new SetupError(
      `${bare.program} has no venv module: install it (Debian and Ubuntu: apt install python3-venv, ` +
        `or python${bare.version}-venv) and run the same command again.`,
    );
  throw new SetupError(
    (tooOld.length > 0
      ? `JupyterLab needs Python 3.9 or newer, and this machine has ${tooOld.join(" and ")}`
      : "JupyterLab needs Python 3.9 or newer, and there is no python3 on the path") +
      ": install one (https://www.python.org, or your system's package manager) and run the same command again.",
  );
}
