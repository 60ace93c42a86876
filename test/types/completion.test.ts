import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const entry = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
const cell = fileURLToPath(new URL("cell.ts", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(`${root}/tsconfig.json`, (path) => ts.sys.readFile(path)).config,
  ts.sys,
  root,
);
let text = "";
let version = 0;
const service = ts.createLanguageService({
  getScriptFileNames: () => [cell],
  getScriptVersion: (file) => (file === cell ? String(version) : "0"),
  getScriptSnapshot(file) {
    const contents = file === cell ? text : ts.sys.readFile(file);
    return contents === undefined ? undefined : ts.ScriptSnapshot.fromString(contents);
  },
  getCurrentDirectory: () => root,
  getCompilationSettings: () => ({ ...options, noEmit: true }),
  getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
  fileExists: (path) => ts.sys.fileExists(path),
  readFile: (path, encoding) => ts.sys.readFile(path, encoding),
  readDirectory: (...args) => ts.sys.readDirectory(...args),
});

const preamble = `import { augment, data, init, losses, nn, optim, regularizers, Tensor, tensor, train } from ${JSON.stringify(entry)};
const model = new nn.Linear(4, 3);
const parameters = model.parameters();
`;

/** What is offered where the code has a bar. */
function offered(code: string): string[] {
  text = preamble + code.replace("|", "");
  version++;
  const position = preamble.length + code.indexOf("|");
  return (service.getCompletionsAtPosition(cell, position, {})?.entries ?? []).map(({ name }) => name);
}

describe("what a cell offers while it is written", () => {
  test.each<[string, string[]]>([
    [
      "new optim.Adam(parameters, { | })",
      ["learningRate", "beta1", "beta2", "epsilon", "epsilonPlacement", "schedule", "clipGradients"],
    ],
    ["new optim.SGD(parameters, { | })", ["learningRate", "weightDecay", "schedule", "clipGradients"]],
    ["new nn.Linear(4, 3, { | })", ["bias", "init"]],
    ["new nn.Conv2d(1, 8, 3, { | })", ["stride", "padding", "bias", "init"]],
    [
      "new data.DataLoader(await data.load('digits'), { | })",
      ["batchSize", "shuffle", "dropLast", "augment", "prefetch", "seed", "generator"],
    ],
    [
      "await train.fit(model, { | })",
      [
        "data",
        "validation",
        "loss",
        "optimizer",
        "regularizer",
        "metrics",
        "resume",
        "epochs",
        "live",
        "progress",
        "callbacks",
      ],
    ],
    ["train.earlyStopping({ | })", ["patience", "restoreBest", "monitor", "mode", "minDelta"]],
    ["train.checkpoint('a', { | })", ["onlyBest", "everySteps", "monitor"]],
    ["losses.crossEntropy(Tensor.zeros([1, 2]), [0], { | })", ["reduction", "classWeights"]],
    ["augment.rotate({ | })", ["degrees", "expand", "probability", "fill", "value", "interpolation"]],
    ["await data.load('|')", ["digits", "iris", "mnist"]],
    ["losses.crossEntropy(Tensor.zeros([1, 2]), [0], { reduction: '|' })", ["mean", "sum", "none"]],
    ["new optim.Adam(parameters, { epsilonPlacement: '|' })", ["inside", "outside"]],
    ["optim.|", ["SGD", "Adam", "schedules", "clipGradients"]],
    ["model.|", ["forward", "parameters", "summary", "save", "load", "weight"]],
    ["tensor([1]).|", ["add", "matmul", "backward", "shape"]],
  ])("%s", (code, names) => {
    expect(offered(code)).toEqual(expect.arrayContaining(names));
  });

  test("options alone, where options stand", () => {
    expect(offered("new nn.Linear(4, 3, { | })").sort()).toEqual(["bias", "init"]);
    // A model, a name and other strangers would drown them.
    expect(offered("train.earlyStopping({ | })")).toHaveLength(5);
  });

  test.each([
    [
      "new optim.Adam(parameters, { learningrate: 1 })",
      "Object literal may only specify known properties, but 'learningrate' does not exist in type 'AdamOptions'. Did you mean to write 'learningRate'?",
    ],
    ["new nn.Linaer(4, 3)", "Did you mean 'Linear'?"],
    ["losses.crossEntropie(1)", "Did you mean 'crossEntropy'?"],
  ])("%s is told what it means", (code, message) => {
    text = preamble + code;
    version++;
    const found = service
      .getSemanticDiagnostics(cell)
      .map((each) => ts.flattenDiagnosticMessageText(each.messageText, "\n"));
    expect(found.join("\n")).toContain(message);
  });
});
