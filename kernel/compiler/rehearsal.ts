/** What the compiler has behind it before its first cell: V8's snapshot keeps code that has run, and what the checker found out. */
import type { Compiler } from "./compiler.ts";

/** Cells such as learners write. They are for a compiler whose session goes no further: they declare names. */
const cells = [
  "const points = data.spirals({ noise: 0.1, seed: 7 });",
  "const [training, heldOut] = data.split(points, [0.8, 0.2], { seed: 7 });",
  "const model = new nn.Sequential(new nn.Linear(2, 16), new nn.Tanh(), new nn.Linear(16, 3));",
  "const optimizer = new optim.Adam(model.parameters(), { learningRate: 0.01 });",
  `async function step(x: Tensor, labels: Tensor) {
    const loss = optimizer.minimize(() => losses.crossEntropy(model.forward(x), labels));
    return { loss: loss.toFixed(3), sizes: [...x.shape].map((size) => size * 2) };
  }`,
  "interface Point { x: number; label?: string } class Line implements Point { x = 1; constructor(readonly end: Point) {} }",
  "for (const { x, label = 'none' } of [{ x: 1, label: 'a' }]) if (x > 0) console.log(`${label}: ${x}`);",
];

/** Expressions, which leave a session as it was. */
const expressions = [
  "1 + 1",
  "[1, 2].map((x) => x * 2).filter((x) => x > 2)",
  "new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU()).forward(tensor([[1, 2]])).sum().item()",
  "console.log(Tensor.zeros([2, 2]).add(1).matmul(Tensor.ones([2, 2])), Math.sqrt(2), new Map([[1, 'a']]))",
];

const completions = ["[1].fil", "tensor([1]).", "nn.", "new nn.Lin", "'text'.", "tens"];

const inspections = ["tensor([1]).sum", "Math.max", "nn.Linear"];

export function rehearseSession(compiler: Compiler): void {
  for (const cell of cells) compileRight(compiler, cell);
  compiler.compile("model.forwards(1)", {});
}

export function rehearse(compiler: Compiler): void {
  for (const expression of expressions) compileRight(compiler, expression);
  for (const code of completions) compiler.complete(code, code.length);
  for (const code of inspections) compiler.inspect(code, code.length);
  compiler.completeness("{");
}

/** A rehearsal of what nobody plays any more would be worth little: a name may have changed. */
function compileRight(compiler: Compiler, code: string): void {
  const [complaint] = compiler.compile(code, { asked: "1" }).complaints;
  if (complaint) throw new Error(`the compiler's rehearsal: ${complaint.message}\n${code}`);
}
