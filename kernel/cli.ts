#!/usr/bin/env node
/** The `gradbook` command. */
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { install } from "./install.ts";
import { runNotebook } from "./runner/runNotebook.ts";
import { runs, usage as runsUsage } from "./runs/runs.ts";
import { parsed, UsageError } from "./usageError.ts";

const usage = `Usage: gradbook <command>

  lab [flags]                          open JupyterLab; the flags are its own
  install [--prefix <folder>]          install the kernel and the JupyterLab extension under the prefix of a
                                       Python environment, or for you alone where none is given
  run <notebook> [--output <notebook>] run a notebook from top to bottom and save it with its outputs,
                                       in place where no other is given; exit code 1 when a cell fails
  runs [list | show | compare | export | delete] [--serve]
                                       the runs that were tracked; \`gradbook runs --help\` says more
`;

const commands: Record<string, (args: string[]) => number | Promise<number>> = {
  lab,
  install(args) {
    const { values } = parsed(() => parseArgs({ args, options: { prefix: { type: "string" } } }));
    for (const folder of install(values.prefix)) console.log(`Installed ${folder}`);
    return 0;
  },
  run,
  runs,
};

function lab(args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const jupyter = spawn("jupyter-lab", args, { stdio: "inherit" });
    // The terminal sends Ctrl-C to JupyterLab too, and JupyterLab decides when that ends it.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => jupyter.kill());
    jupyter.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? new Error(
              "jupyter-lab is not on the path: install it with `pip install jupyterlab` and try again",
            )
          : error,
      ),
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
