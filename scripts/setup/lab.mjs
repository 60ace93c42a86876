import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { SetupError } from "./say.mjs";

/**
 * Fails early, before minutes of set-up, where the port asked for is taken.
 * @param {string[]} flags
 */
export async function requireFreePort(flags) {
  const port = Number(/--(?:ServerApp\.)?port[= ](\d+)/.exec(flags.join(" "))?.[1]);
  if (!port) return;
  const error = await new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", resolve);
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(undefined)));
  });
  if (error?.code === "EADDRINUSE")
    throw new SetupError(
      `Port ${port} is taken by another program: stop that one, or choose another port, ` +
        `such as \`npm start -- --port ${port + 1}\`.`,
    );
  if (error) throw new SetupError(`Port ${port} cannot be used (${error.message}): choose one above 1023.`);
}

/**
 * npm does not pass a signal on to us but to the shell between, which dies of it alone; then our parent changes.
 * @param {() => void} stop
 */
function stopWithNpm(stop) {
  const parent = process.ppid;
  if (!process.env["npm_lifecycle_event"]) return undefined;
  return setInterval(() => process.ppid !== parent && stop(), 500);
}

/** @param {string} address @returns {Promise<boolean>} */
function answers(address) {
  return fetch(address, { redirect: "manual" }).then(
    () => true,
    () => new Promise((resolve) => setTimeout(resolve, 50, false)),
  );
}

/**
 * Runs JupyterLab on notebooks/ until it is stopped, and tells its address.
 * @param {string} program
 * @param {string[]} flags passed on, and stronger than ours
 */
export async function serve(program, flags) {
  const start = performance.now();
  process.stdout.write("Starting JupyterLab … ");
  const asked = flags.some((flag) => /port/.test(flag));
  const child = spawn(
    program,
    [
      "--ServerApp.ip=127.0.0.1",
      `--ServerApp.root_dir=${join(root, "notebooks")}`,
      ...(asked ? ["--ServerApp.port_retries=0"] : []),
      ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
      ...flags,
    ],
    // Its own process group: Ctrl-C reaches us alone, and we end the server without its question.
    { cwd: root, stdio: ["ignore", "pipe", "pipe"], detached: process.platform !== "win32" },
  );

  let stopping = false;
  const stop = () => {
    // Asked twice, it is not asked for a clean end any more.
    child.kill(stopping ? "SIGKILL" : "SIGTERM");
    if (!stopping) console.log("\nStopping JupyterLab and its kernels");
    stopping = true;
  };
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, stop);
  const watch = stopWithNpm(() => stopping || stop());

  let log = "";
  let address = "";
  let told = false;
  // JupyterLab writes its address a moment before it listens there.
  const tell = async () => {
    while (!(await answers(address))) if (child.exitCode !== null) return;
    told = true;
    console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`);
    console.log(
      `\nJupyterLab with the kernel "TypeScript (gradbook)" is at\n\n    ${address}\n\nCtrl-C stops it.`,
    );
  };
  /** @param {Buffer} chunk */
  const read = (chunk) => {
    log = (log + chunk).slice(-20_000);
    // Once the address is told, only what asks for attention.
    if (told) process.stderr.write(String(chunk).replace(/^(\[[IC] |    |\s*$).*\n/gm, ""));
    if (address) return;
    address = /(http\S+\/lab\S*)\s/.exec(log)?.[1] ?? "";
    if (address) void tell();
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);

  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  }).finally(() => clearInterval(watch));
  if (stopping || code === 0) return;
  const reason = log.trim().split("\n").at(-1) ?? "";
  throw new SetupError(
    `${address ? "" : "failed\n"}JupyterLab ended by itself (code ${code}): ${reason}; ` +
      `run \`${program}\` by hand to see more.`,
  );
}
