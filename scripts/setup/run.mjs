import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root, stateFolder } from "./paths.mjs";

/**
 * Runs a program to its end, unseen.
 * @param {string} program
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<{ ok: boolean, output: string, stdout: string }>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let stdout = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
      stdout += chunk;
    });
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ ok: false, output: `${error.message}\n`, stdout }));
    child.on("close", (code) => resolve({ ok: code === 0, output, stdout }));
  });
}

/**
 * Runs a program with its output where the user sees it.
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Promise<boolean>} whether it ended well
 */
export function show(program, args, environment = process.env) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env: environment, stdio: "inherit" });
    child.on("error", (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(false);
    });
    child.on("close", (code) => resolve(code === 0));
  });
}

/**
 * Keeps what a failed program wrote, and says where, with its last line of substance.
 * @param {string} name
 * @param {string} output
 */
export function keepLog(name, output) {
  const file = join(stateFolder, `${name}.log`);
  mkdirSync(stateFolder, { recursive: true });
  writeFileSync(file, output);
  const telling = output.split("\n").filter((line) => /error|fail|denied|not found/i.test(line));
  const last = telling.at(-1) ?? output.trim().split("\n").at(-1) ?? "";
  return `${last.trim()} (all of it in ${relative(root, file)})`;
}
