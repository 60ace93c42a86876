import { onPath, pinnedNode, root } from "./paths.mjs";
import { keepLog, run } from "./run.mjs";
import { SetupError, step } from "./say.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** How each package manager installs Chromium, asked for only where we may: as root. */
const managers = [
  { name: "apt-get", commands: [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]] },
  { name: "dnf", commands: [["install", "--assumeyes", "chromium"]] },
  { name: "zypper", commands: [["--non-interactive", "install", "chromium"]] },
  { name: "pacman", commands: [["-Sy", "--noconfirm", "chromium"]] },
  { name: "apk", commands: [["add", "chromium"]] },
];

/** A Chromium that starts: $CHROME_PATH, one on the path, playwright's, or one installed now. */
export async function findChromium() {
  return (await present()) ?? (await step("Installing Chromium", installChromium));
}

async function present() {
  const { chromium } = await import("playwright-core");
  const candidates = [
    process.env["CHROME_PATH"],
    ...names.map((name) => onPath(name)),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    chromium.executablePath(),
  ];
  for (const candidate of candidates)
    // Ubuntu's `chromium-browser` may be a stub that only asks for snap, so it must answer.
    if (candidate && (await run(candidate, ["--version", "--no-sandbox"])).ok) return candidate;
  return undefined;
}

async function installChromium() {
  const manager = process.getuid?.() === 0 ? managers.find(({ name }) => onPath(name)) : undefined;
  let output = "";
  for (const args of manager?.commands ?? [])
    output += (await run(onPath(manager?.name ?? "") ?? "", args)).output;
  let found = await present();
  if (found) return found;
  output += (await run(pinnedNode(), ["node_modules/playwright-core/cli.js", "install", "chromium"])).output;
  found = await present();
  if (found) return found;
  throw new SetupError(
    `No Chromium could be installed: ${keepLog("chromium", output)}; install Chromium or Chrome, ` +
      `or set CHROME_PATH to one, and run the same command again (in ${root}).`,
  );
}
