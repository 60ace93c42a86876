/**
 * AssemblyScript for one optimizer step over one parameter; the letters are those of src/optim. As in the elementwise
 * kernels, two vectors go side by side, statement by statement.
 */

interface Step {
  readonly name: string;
  readonly pointers: readonly string[];
  readonly scalars: readonly string[];
  /** Statements over the vectors named as the pointers; `_` marks names of the vector at hand. */
  readonly body: readonly string[];
  readonly writes: readonly string[];
}

/** ε stands inside the root or outside: the other one is 0, and adding 0 changes nothing. */
const root = (x: string): string => `f32x4.add(f32x4.sqrt(f32x4.add(${x}, inside)), outside)`;

/** βx + (1 − β)y. */
const mean = (x: string, y: string, beta: string, rest: string): string =>
  `f32x4.add(f32x4.mul(${beta}, ${x}), f32x4.mul(${rest}, ${y}))`;

const adam: Omit<Step, "name"> = {
  pointers: ["w", "g", "m", "v"],
  scalars: [
    ...["learningRate", "beta1", "rest1", "beta2", "rest2"],
    ...["correction1", "correction2", "inside", "outside"],
  ],
  body: [
    `m_ = ${mean("m_", "g_", "beta1", "rest1")};`,
    `v_ = ${mean("v_", "f32x4.mul(g_, g_)", "beta2", "rest2")};`,
    "const numerator_ = f32x4.mul(learningRate, f32x4.div(m_, correction1));",
    `const root_ = ${root("f32x4.div(v_, correction2)")};`,
    "w_ = f32x4.sub(w_, f32x4.div(numerator_, root_));",
  ],
  writes: ["m", "v", "w"],
};

const steps: readonly Step[] = [
  {
    name: "sgdStep",
    pointers: ["w", "g"],
    scalars: ["learningRate", "weightDecay"],
    body: [
      "const d_ = f32x4.add(g_, f32x4.mul(weightDecay, w_));",
      "w_ = f32x4.sub(w_, f32x4.mul(learningRate, d_));",
    ],
    writes: ["w"],
  },
  {
    name: "momentumStep",
    pointers: ["w", "g", "m"],
    scalars: ["learningRate", "momentum", "weightDecay"],
    body: [
      "const d_ = f32x4.add(g_, f32x4.mul(weightDecay, w_));",
      "m_ = f32x4.sub(f32x4.mul(momentum, m_), f32x4.mul(learningRate, d_));",
      "w_ = f32x4.add(w_, m_);",
    ],
    writes: ["m", "w"],
  },
  {
    name: "lookAhead",
    pointers: ["w", "m"],
    scalars: ["momentum"],
    body: ["w_ = f32x4.add(w_, f32x4.mul(momentum, m_));"],
    writes: ["w"],
  },
  {
    name: "nesterovStep",
    pointers: ["w", "g", "m"],
    scalars: ["learningRate", "momentum", "weightDecay"],
    body: [
      "const carried_ = f32x4.mul(momentum, m_);",
      "const d_ = f32x4.add(g_, f32x4.mul(weightDecay, f32x4.add(w_, carried_)));",
      "m_ = f32x4.sub(carried_, f32x4.mul(learningRate, d_));",
      "w_ = f32x4.add(w_, m_);",
    ],
    writes: ["m", "w"],
  },
  {
    name: "adaGradStep",
    pointers: ["w", "g", "G"],
    scalars: ["learningRate", "inside", "outside"],
    body: [
      "G_ = f32x4.add(G_, f32x4.mul(g_, g_));",
      `w_ = f32x4.sub(w_, f32x4.div(f32x4.mul(learningRate, g_), ${root("G_")}));`,
    ],
    writes: ["G", "w"],
  },
  {
    name: "rmsPropStep",
    pointers: ["w", "g", "G"],
    scalars: ["learningRate", "decay", "rest", "inside", "outside"],
    body: [
      `G_ = ${mean("G_", "f32x4.mul(g_, g_)", "decay", "rest")};`,
      `w_ = f32x4.sub(w_, f32x4.div(f32x4.mul(learningRate, g_), ${root("G_")}));`,
    ],
    writes: ["G", "w"],
  },
  {
    name: "adaDeltaStep",
    pointers: ["w", "g", "G", "S"],
    scalars: ["decay", "rest", "inside", "outside"],
    body: [
      `G_ = ${mean("G_", "f32x4.mul(g_, g_)", "decay", "rest")};`,
      `const move_ = f32x4.mul(f32x4.div(${root("S_")}, ${root("G_")}), g_);`,
      `S_ = ${mean("S_", "f32x4.mul(move_, move_)", "decay", "rest")};`,
      "w_ = f32x4.sub(w_, move_);",
    ],
    writes: ["G", "S", "w"],
  },
  { name: "adamStep", ...adam },
  {
    ...adam,
    name: "adamWStep",
    scalars: [...adam.scalars, "decay"],
    body: ["w_ = f32x4.sub(w_, f32x4.mul(decay, w_));", ...adam.body],
  },
];

function source({ name, pointers, scalars, body, writes }: Step): string {
  const both = (line: string): string => [0, 1].map((j) => `    ${line.replaceAll("_", `${j}`)}`).join("\n");
  const eachPair = (names: readonly string[], line: (name: string, j: number) => string): string =>
    names.map((pointer) => [0, 1].map((j) => `    ${line(pointer, j)}`).join("\n")).join("\n");
  return `
export function ${name}(
  n: i32, ${pointers.map((pointer) => `p${pointer}: usize`).join(", ")},
  ${scalars.map((scalar) => `${scalar}Value: f32`).join(", ")},
): void {
${scalars.map((scalar) => `  const ${scalar} = f32x4.splat(${scalar}Value);`).join("\n")}
  let i = 0;
  for (; i + 8 <= n; i += 8) {
${eachPair(pointers, (pointer, j) => `let ${pointer}${j} = v128.load(p${pointer}, ${16 * j});`)}
${body.map(both).join("\n")}
${eachPair(writes, (pointer, j) => `v128.store(p${pointer}, ${pointer}${j}, ${16 * j});`)}
    ${pointers.map((pointer) => `p${pointer} += 32;`).join(" ")}
  }
  for (; i < n; i += 4) {
${pointers.map((pointer) => `    let ${pointer} = lanesAt(p${pointer}, n - i);`).join("\n")}
${body.map((line) => `    ${line.replaceAll("_", "")}`).join("\n")}
${writes.map((pointer) => `    putLanes(p${pointer}, ${pointer}, n - i);`).join("\n")}
    ${pointers.map((pointer) => `p${pointer} += 16;`).join(" ")}
  }
}

// n, chunk, ${[...pointers, ...scalars].join(", ")}
export function ${name}Job(args: usize, chunk: i32, scratch: usize): void {
  const skip = <usize>chunkStart(args, chunk) << 2;
  ${name}(chunkCount(args, chunk), ${pointers.map((_, i) => `address(args, ${2 + i}) + skip`).join(", ")},
    ${scalars.map((_, i) => `single(args, ${2 + pointers.length + i})`).join(", ")});
}`;
}

export function optimizersSource(): string {
  return `// Generated by generate/optimizers.ts.
import { address, chunkCount, chunkStart, single } from "./args";
import { lanesAt, putLanes } from "./lanes";
${steps.map(source).join("\n")}
`;
}
