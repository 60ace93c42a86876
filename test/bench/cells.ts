/**
 * How the conversion of a cell grows with its session: each cell declares nine things, from an interface to an enum, and
 * uses those of the cell before and of an older one. Medians over 20, in milliseconds; the heap in megabytes.
 *
 * Run after a build: node --expose-gc test/bench/cells.ts <cells>
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { createEmitter as CreateEmitter } from "../../kernel/compiler/emit.ts";
import type { createLanguage as CreateLanguage } from "../../kernel/compiler/language.ts";
import { random } from "../../src/index.ts";
import { table } from "./table.ts";

const total = Number(process.argv[2]);
const shown = [100, 300, 1000].filter((count) => count < total).concat(total);
const built = (file: string): string => new URL(`../../dist/kernel/compiler/${file}`, import.meta.url).href;
// The library's declarations, which every session has, are made by the build.
const { createLanguage } = (await import(built("language.js"))) as {
  createLanguage: typeof CreateLanguage;
};
const { createEmitter } = (await import(built("emit.js"))) as { createEmitter: typeof CreateEmitter };

const folder = mkdtempSync(join(tmpdir(), "gradbook-bench-"));
process.chdir(folder);
const language = createLanguage();
const emit = createEmitter();
const generator = random.generator(1);

function declarations(cell: number): string {
  const before = cell - 1;
  const older = Math.floor(generator.uniform() * cell);
  return cell === 0
    ? `interface P0 { a: number; b: string } type A0 = Readonly<P0>; const v0: P0 = { a: 0, b: "x" }; let n0 = 1;
       class C0 { x = v0.a } function f0(c: C0) { return tensor([c.x]) }`
    : `interface P${cell} { a: number; b: string; before?: P${before}; older?: C${older} }
       type A${cell} = Readonly<Pick<P${cell}, "a" | "b">>;
       const v${cell}: P${cell} = { a: v${before}.a + 1, b: "x" };
       const o${cell} = { point: v${cell}, list: [n${older}, 2] };
       let n${cell} = v${cell}.a * 2;
       class C${cell} { x = v${cell}.a; m(p: P${cell}): A${cell} { return p } }
       function f${cell}(c: C${cell}, t = tensor([1, 2])) { return t.add(c.x).sum() }
       const g${cell} = <T extends A${cell}>(x: T) => ({ ...x, more: f${older}(new C${older}()) });
       enum E${cell} { one, two }`;
}

const milliseconds = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};
const median = (times: number[]): string =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!.toFixed(1);
const repeat = (work: (time: number) => void): string =>
  median(Array.from({ length: 20 }, (_, time) => milliseconds(() => work(time))));

const convert = (code: string): void => {
  const [complaint] = language.check(code);
  if (complaint) throw new Error(`${complaint.message}\n${code}`);
  emit(code);
};

const lines: string[][] = [];
const times: number[] = [];
for (let cell = 0; cell < total; cell++) {
  const code = declarations(cell);
  times.push(milliseconds(() => convert(code)));
  if (!shown.includes(cell + 1)) continue;
  globalThis.gc?.();
  lines.push([
    String(cell + 1),
    median(times.slice(-20)),
    repeat((time) => convert(`n${cell} + ${time}`)),
    repeat((time) => {
      const code = `${" ".repeat(time)}v${cell}.`;
      language.complete(code, code.length);
    }),
    (process.memoryUsage().heapUsed / 1e6).toFixed(0),
  ]);
}
console.log(table(["cells", "declaring", "trivial", "completion", "heap"], lines));
process.chdir(tmpdir());
rmSync(folder, { recursive: true });
