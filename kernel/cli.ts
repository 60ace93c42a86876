#!/usr/bin/env node
/** The `gradbook` command. */
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { doctor } from "./install/doctor.ts";
import { dataFolder } from "./install/folders.ts";
import { install, uninstall } from "./install/install.ts";
import { labPrograms } from "./install/jupyter.ts";
import { runNotebook } from "./runner/runNotebook.ts";
import { runs, usage as runsUsage } from "./runs/runs.ts";
import { parsed, UsageError } from "./usageError.ts";

const usage = `Usage: gradbook <command>

  lab [flags]                          open JupyterLab; the flags are its own
  install [place]                      install the kernel and the JupyterLab extension
  uninstall [place]                    take them away again
                                       place: --user, for you alone, where none is given; --prefix <folder>, such
                                       as a virtual environment; --sys-prefix, that of the Python on your path
  doctor                               look at Node, SIMD, the kernel, JupyterLab and what is installed into it, and
                                       say how to mend what is wrong; exit code 1 when something is
  run <notebook> [--output <notebook>] run a notebook from top to bottom and save it with its outputs,
                                       in place where no other is given; exit code 1 when a cell fails
  runs [list | show | compare | export | delete] [--serve]
                                       the runs that were tracked; \`gradbook runs --help\` says more
`;

const commands: Record<string, (args: string[]) => number | Promise<number>> = {
  lab,
  async install(args) {
    for (const folder of install(await place(args))) console.log(`Installed ${folder}`);
    return 0;
  },
  async uninstall(args) {
    const data = await place(args);
    const folders = uninstall(data);
    for (const folder of folders) console.log(`Removed ${folder}`);
    if (folders.length === 0) console.log(`Nothing of gradbook is installed under ${data}`);
    return 0;
  },
  async doctor(args) {
    parsed(() => parseArgs({ args, options: {} }));
    return (await doctor((line) => console.log(line))) ? 0 : 1;
  },
  run,
  runs,
};

/** The folder that the options of `install` and `uninstall` name. */
function place(args: string[]): Promise<string> {
  const options = {
    user: { type: "boolean" },
    prefix: { type: "string" },
    "sys-prefix": { type: "boolean" },
  } as const;
  const { user, prefix, "sys-prefix": sysPrefix } = parsed(() => parseArgs({ args, options })).values;
  if ([user, prefix, sysPrefix].filter((option) => option !== undefined).length > 1)
    throw new UsageError("--user, --prefix and --sys-prefix name one place each: give one of them");
  return dataFolder({ ...(prefix !== undefined && { prefix }), ...(sysPrefix && { sysPrefix }) });
}

async function lab(args: string[]): Promise<number> {
  for (const program of labPrograms) {
    const code = await runLab(program, args);
    if (code !== undefined) return code;
  }
  throw new Error("jupyter-lab is not on the path: install it with `pip install jupyterlab` and try again");
}

/** Its exit code, or undefined where there is no such program. */
function runLab(program: string, args: string[]): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const jupyter = spawn(program, args, { stdio: "inherit" });
    // The terminal sends Ctrl-C to JupyterLab too, and JupyterLab decides when that ends it.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => jupyter.kill());
    jupyter.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? resolve(undefined) : reject(error),
    );
    jupyter.on("exit", (code) => resolve(code ?? 1));
  });
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parsed(() =>
    parseArgs({ args, options: { output: { type: "string" } }, allowPositionals: true }),
  );
  const [notebook, ...rest] = positionals;
  if (notebook === undefined || rest.length > 0) throw new UsageError("run takes one notebook");
  const output = values.output ?? notebook;
  const { cells, failure } = await runNotebook(notebook, output, (text) => console.error(text));
  if (!failure) {
    console.log(`${notebook}: ${cells} cells ran; saved ${output}`);
    return 0;
  }
  const { cell, source, error } = failure;
  console.error(`${notebook}: cell ${cell} failed\n\n${source.replace(/^/gm, "    ")}\n`);
  console.error(error.traceback.join("\n") || `${error.ename}: ${error.evalue}`);
  return 1;
}

const [name = "", ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
try {
  if (name === "--help" || name === "-h" || name === "help") console.log(usage);
  else if (!command) throw new UsageError(name === "" ? "which command?" : `there is no command "${name}"`);
  else process.exitCode = await command(args);
} catch (error) {
  console.error(`gradbook ${name}`.trim() + `: ${(error as Error).message}`);
  if (error instanceof UsageError) console.error(`\n${name === "runs" ? runsUsage : usage}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
