/** A JupyterLab of the test's own, in the environment that `npm test` set up, and a page of it in Chromium. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";

export const root: string = join(import.meta.dirname, "../..");
export const screenshots: string = join(import.meta.dirname, "screenshots");
export const jupyterLab: string = join(root, ".venv", "bin", "jupyter-lab");

const token = "end-to-end";

/** A folder that is gone after the test, whatever the test did in it. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "gradbook-e2e-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The environment of a Jupyter that knows nothing of this user's settings and kernels. */
export function cleanJupyter(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(folder, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(folder, "workspaces"),
  };
}

/** Resolves with the first match in what the process writes; rejects with all of it if it ends before. */
export function waitForOutput(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer): void => {
      output += chunk;
      const match = pattern.exec(output);
      if (match) resolve(match);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`ended with code ${code} before ${pattern}:\n${output}`)));
  });
}

/** Ends a process of ours and waits until it has ended. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await ended;
}

function answers(address: string): Promise<boolean> {
  return fetch(address, { redirect: "manual" }).then(
    () => true,
    () => new Promise((resolve) => setTimeout(resolve, 50, false)),
  );
}

export interface Lab {
  /** What it serves. */
  readonly notebooks: string;
  /** Its REST interface. */
  get(path: string): Promise<unknown>;
  /** A page with this notebook open and its kernel ready. */
  open(notebook: string): Promise<Page>;
  close(): Promise<void>;
}

export async function startLab(): Promise<Lab> {
  const folder = temporaryFolder();
  const notebooks = join(folder.path, "notebooks");
  mkdirSync(notebooks);
  const settings = join(folder.path, "settings", "@jupyterlab", "apputils-extension");
  mkdirSync(settings, { recursive: true });
  // JupyterLab asks once whether it may fetch news, over the notebook.
  writeFileSync(join(settings, "notification.jupyterlab-settings"), `{ "fetchNews": "false" }`);
  const port = await freePort();
  const server = spawn(
    jupyterLab,
    [
      "--no-browser",
      "--ServerApp.ip=127.0.0.1",
      `--ServerApp.port=${port}`,
      "--ServerApp.port_retries=0",
      `--ServerApp.root_dir=${notebooks}`,
      `--IdentityProvider.token=${token}`,
      // Lets the test call JupyterLab's own commands instead of hunting for their buttons.
      "--LabApp.expose_app_in_browser=True",
      ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
    ],
    { cwd: notebooks, env: cleanJupyter(folder.path), stdio: ["ignore", "pipe", "pipe"] },
  );
  await waitForOutput(server, /is running at/);
  const address = `http://127.0.0.1:${port}`;
  // JupyterLab writes its address a moment before it listens there.
  while (!(await answers(address))) if (server.exitCode !== null) throw new Error("JupyterLab has ended");
  let browser: BrowserContext | undefined;

  return {
    notebooks,
    async get(path) {
      const response = await fetch(`${address}/${path}`, { headers: { Authorization: `token ${token}` } });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
      return response.json();
    },
    async open(notebook) {
      browser ??= await startBrowser(join(folder.path, "profile"));
      // The test's own limit ends a wait: a busy machine may take longer than playwright's 30 s to load JupyterLab.
      browser.setDefaultTimeout(180_000);
      const page = await browser.newPage();
      await page.goto(`${address}/lab/tree/${notebook}?token=${token}&reset`);
      await kernelReady(page);
      return page;
    },
    async close() {
      await browser?.close();
      await stop(server);
      folder.remove();
    },
  };
}

function startBrowser(profile: string): Promise<BrowserContext> {
  const executablePath = process.env["CHROME_PATH"];
  if (!executablePath) throw new Error("CHROME_PATH names no browser; run these tests by `npm test -- e2e`");
  return chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1200, height: 1000 },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Waits until the open notebook's kernel has answered. */
export async function kernelReady(page: Page): Promise<void> {
  await page.waitForSelector(".jp-Notebook .jp-Cell");
  await page.evaluate(`(async () => {
    const panel = jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
  })()`);
}

/** Calls a command of JupyterLab, such as "notebook:run-all-cells", and waits for its end. */
export async function command(page: Page, name: string): Promise<void> {
  await page.evaluate(`(async () => { await jupyterapp.commands.execute(${JSON.stringify(name)}); })()`);
}

export interface ShownOutput {
  output_type: string;
  text?: string;
  data?: Record<string, unknown>;
  ename?: string;
  evalue?: string;
}

/** The outputs of the notebook's cells, as JupyterLab holds them now. */
export function outputs(page: Page): Promise<ShownOutput[][]> {
  return page.evaluate(`jupyterapp.shell.currentWidget.content.widgets.map((cell) =>
    cell.outputArea ? cell.outputArea.model.toJSON() : [])`);
}

/** A notebook file of code cells that have not been run. */
export function notebookOf(...sources: string[]): string {
  return JSON.stringify({
    cells: sources.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    })),
    metadata: {
      kernelspec: { name: "gradbook", display_name: "TypeScript (gradbook)", language: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}
