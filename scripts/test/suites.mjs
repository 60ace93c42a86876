import { existsSync, readFileSync } from "node:fs";
import { pinnedNode } from "../setup/paths.mjs";
import { show } from "../setup/run.mjs";

/** @typedef {{ passed: number, failed: number }} Count */

/** Each with the compiler options its folder lives under. */
const projects = ["tsconfig.json", "kernel", "kernel/runs/page", "kernel/labextension", "test", "scripts"];

/** Type check of everything; it counts as one test. */
export async function check() {
  heading("Type check");
  let ok = true;
  for (const project of projects)
    ok = (await show(pinnedNode(), ["node_modules/typescript/bin/tsc", "--noEmit", "-p", project])) && ok;
  return one(ok);
}

/** Lint and format; they count as one test. */
export async function lint() {
  heading("Lint");
  const linted = await show(pinnedNode(), [
    "node_modules/oxlint/bin/oxlint",
    "--type-aware",
    "--deny-warnings",
  ]);
  const formatted = await show(pinnedNode(), ["node_modules/prettier/bin/prettier.cjs", "--check", "."]);
  return one(linted && formatted);
}

/**
 * A vitest project; a file that cannot be loaded and an error outside tests count as failed tests.
 * @param {string} project
 * @param {string} report
 * @param {string[]} args
 * @returns {Promise<Count>}
 */
export async function vitest(project, report, args) {
  heading(project === "e2e" ? "End-to-end tests" : "Unit tests");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const ok = await show(pinnedNode(), [
    "node_modules/vitest/vitest.mjs",
    "run",
    `--project=${project}`,
    ...reporters,
    ...args,
  ]);
  if (!existsSync(report)) return one(false);
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  const unloadable = testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  return atLeastOneFailed(ok, { passed: numPassedTests, failed: numFailedTests + unloadable });
}

/**
 * The tests in Python: of the kernel, as Jupyter's own clients drive it, and of what TensorBoard reads.
 * @param {string} python
 * @param {string} report
 * @param {string[]} args
 * @returns {Promise<Count>}
 */
export async function pytest(python, report, args) {
  heading("Kernel tests");
  const paths = args.length > 0 ? args : ["test/kernel", "test/tracking"];
  const ok = await show(python, ["-m", "pytest", "-p", "no:cacheprovider", `--junitxml=${report}`, ...paths]);
  if (!existsSync(report)) return one(false);
  const suite = /<testsuite [^>]*>/.exec(readFileSync(report, "utf8"))?.[0] ?? "";
  /** @param {string} name */
  const attribute = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = attribute("failures") + attribute("errors");
  return atLeastOneFailed(ok, { passed: attribute("tests") - failed - attribute("skipped"), failed });
}

/** @param {Count[]} counts @returns {Count} */
export function total(counts) {
  return counts.reduce(
    (sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }),
    {
      passed: 0,
      failed: 0,
    },
  );
}

/** @param {boolean} ok @returns {Count} */
const one = (ok) => (ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/** A runner that ended badly without naming a test (an unhandled error, no tests) still failed.
 * @param {boolean} ok @param {Count} count @returns {Count} */
const atLeastOneFailed = (ok, count) => (ok || count.failed > 0 ? count : { ...count, failed: 1 });

/** @param {string} name */
const heading = (name) => console.log(`\n— ${name}`);
