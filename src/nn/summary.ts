import { Tensor } from "../tensor/tensor.ts";
import { type Displayable, jupyterDisplay, type MimeBundle } from "../util/host.ts";
import { formatShape, type Shape } from "../util/shape.ts";
import { grouped, htmlTable, textTable } from "../util/table.ts";
import { inEvaluation, type Observable, observeForward, tensorsIn } from "./observe.ts";

/** What a summary needs of a module. */
interface Summarized extends Observable {
  namedParameters(): [string, Tensor][];
  namedBuffers(): [string, Tensor][];
  namedModules(): [string, Summarized][];
}

export interface SummaryRow {
  /** Where the layer is in the model: `"layers.0"`; `""` is the model itself. */
  readonly path: string;
  /** Its class: `"Linear"`. */
  readonly kind: string;
  /** The shape that came out of it, as text, with N for the examples: `"[N, 10]"`; undefined where it was not run. */
  readonly output: string | undefined;
  /** Numbers it learns that no layer above in the table has counted. */
  readonly parameters: number;
}

/** The layers of a model, with shapes and sizes. */
export class Summary implements Displayable {
  readonly rows: readonly SummaryRow[];
  /** Numbers that are learned, shared ones once. */
  readonly parameters: number;
  /** Those among them that `freeze` keeps as they are. */
  readonly frozen: number;
  /** Numbers that belong to the state without being learned, such as running statistics. */
  readonly buffers: number;
  /** What both take. */
  readonly bytes: number;

  constructor(rows: readonly SummaryRow[], parameters: readonly Tensor[], buffers: readonly Tensor[]) {
    this.rows = rows;
    this.parameters = count(parameters);
    this.frozen = count(parameters.filter(({ requiresGrad }) => !requiresGrad));
    this.buffers = count(buffers);
    this.bytes = [...parameters, ...buffers].reduce((sum, { raw }) => sum + raw.data.byteLength, 0);
  }

  toString(): string {
    return `${textTable(this.#cells(), { right: "parameters" })}\n${this.#total()}`;
  }

  [jupyterDisplay](): MimeBundle {
    return {
      "text/html": `${htmlTable(this.#cells(), { right: "parameters" })}<p>${this.#total()}</p>`,
      "text/plain": this.toString(),
    };
  }

  [Symbol.for("nodejs.util.inspect.custom") as never](): string {
    return this.toString();
  }

  #cells(): string[][] {
    const rows = this.rows.map(({ path, kind, output, parameters }) => [
      path === "" ? "(model)" : path,
      kind,
      output ?? "–",
      grouped(parameters),
    ]);
    const withOutput = this.rows.some(({ output }) => output !== undefined);
    const all = [["layer", "kind", "output", "parameters"], ...rows];
    return withOutput ? all : all.map((row) => row.toSpliced(2, 1));
  }

  #total(): string {
    const buffers = this.buffers > 0 ? `, ${grouped(this.buffers)} numbers in buffers` : "";
    const frozen = this.frozen > 0 ? ` (${grouped(this.frozen)} frozen)` : "";
    return `${grouped(this.parameters)} parameters${frozen}${buffers}, ${size(this.bytes)}`;
  }
}

const count = (tensors: readonly Tensor[]): number => tensors.reduce((sum, { numel }) => sum + numel, 0);

function size(bytes: number): string {
  if (bytes < 1e3) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A row for each layer that holds no others, and for each other that learns something itself. */
export function summarize(model: Summarized, input: Shape | Tensor | undefined): Summary {
  const outputs = input === undefined ? new Map<unknown, string>() : outputShapes(model, input);
  const counted = new Set<Tensor>();
  const rows = model.namedModules().flatMap(([path, module]): SummaryRow[] => {
    const inner = module.namedModules().slice(1);
    const theirs = new Set(inner.flatMap(([, each]) => each.namedParameters().map(([, tensor]) => tensor)));
    const own = module
      .namedParameters()
      .map(([, tensor]) => tensor)
      .filter((tensor) => !theirs.has(tensor) && !counted.has(tensor));
    for (const tensor of own) counted.add(tensor);
    if (inner.length > 0 && own.length === 0) return [];
    return [{ path, kind: module.constructor.name, output: outputs.get(module), parameters: count(own) }];
  });
  const tensors = (named: [string, Tensor][]): Tensor[] => named.map(([, tensor]) => tensor);
  return new Summary(rows, tensors(model.namedParameters()), tensors(model.namedBuffers()));
}

/** What comes out of each module, for an example of a shape or a given batch, in evaluation and without gradients. */
function outputShapes(model: Summarized, input: Shape | Tensor): Map<unknown, string> {
  const shapes = new Map<unknown, string>();
  Tensor.noGrad(() =>
    Tensor.scope(() => {
      const batch = input instanceof Tensor ? input : Tensor.zeros([1, ...input]);
      const examples = batch.shape[0];
      observeForward(
        model,
        (_path, module, _inputs, output) => {
          const [first] = tensorsIn(output);
          if (!first || shapes.has(module)) return;
          const [leading, ...rest] = first.shape;
          shapes.set(
            module,
            leading === examples ? `[${["N", ...rest].join(", ")}]` : formatShape(first.shape),
          );
        },
        () => inEvaluation(model, () => void model.forward(batch)),
      );
    }),
  );
  return shapes;
}
