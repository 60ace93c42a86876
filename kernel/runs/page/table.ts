import type { Run } from "./run.ts";

const element = (id: string): HTMLElement => document.getElementById(id)!;
const [head, body] = [element("head"), element("body")];

/** How the runs are shown. */
interface Shown {
  /** Those that are drawn above. */
  readonly ids: ReadonlySet<string>;
  readonly metric: string;
  /** The parameters in which those that are drawn differ: they stand first. */
  readonly differences: readonly string[];
  /** Called with those to draw from now on. */
  readonly onChoice: (ids: Set<string>) => void;
}

/** A row a run, with a box to draw it, and one above for all. */
export function drawTable(runs: readonly Run[], { ids, metric, differences, onChoice }: Shown): void {
  const all = [...new Set(runs.flatMap(({ params }) => Object.keys(params)))];
  const params = [...differences, ...all.filter((name) => !differences.includes(name))];
  const titles = ["run", "id", "status", "seconds", ...(metric === "" ? [] : [metric, "min", "max"])];
  const chosen = runs.filter(({ id }) => ids.has(id)).length;
  const every = choice("th", "draw all", chosen > 0 && chosen === runs.length, (checked) =>
    onChoice(new Set(checked ? runs.map(({ id }) => id) : [])),
  );
  every.querySelector("input")!.indeterminate = chosen > 0 && chosen < runs.length;
  head.replaceChildren(
    row([
      every,
      ...titles.map((title) => cell("th", title)),
      ...params.map((title) => cell("th", title, differences.includes(title) ? "differs" : "")),
      cell("th", "tags"),
    ]),
  );
  body.replaceChildren(
    ...runs.map((run) => {
      const { id, status, duration, metrics, tags, reason } = run;
      const summary = metrics[metric];
      const numbers = metric === "" ? [] : [summary?.last, summary?.min, summary?.max];
      const statusCell = cell("td", status, status);
      statusCell.title = reason ?? "";
      return row([
        choice("td", `draw ${id}`, ids.has(id), (checked) => {
          const next = new Set(ids);
          if (checked) next.add(id);
          else next.delete(id);
          onChoice(next);
        }),
        cell("td", run.name),
        cell("td", id.slice(-6)),
        statusCell,
        cell("td", duration.toFixed(1), "number"),
        ...numbers.map((value) => cell("td", formatted(value), "number")),
        ...params.map((param) => cell("td", formatted(run.params[param]))),
        cell("td", tags.join(", ")),
      ]);
    }),
  );
}

function choice(
  kind: "th" | "td",
  label: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
): HTMLElement {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = checked;
  box.setAttribute("aria-label", label);
  box.addEventListener("change", () => onChange(box.checked));
  const holder = document.createElement(kind);
  holder.append(box);
  return holder;
}

function row(cells: readonly HTMLElement[]): HTMLElement {
  const element = document.createElement("tr");
  element.append(...cells);
  return element;
}

/** What runs hold is shown as text, never as HTML. */
function cell(kind: "th" | "td", text: string, className = ""): HTMLElement {
  const element = document.createElement(kind);
  element.textContent = text;
  element.className = className;
  return element;
}

function formatted(value: unknown): string {
  if (value === undefined || value === null) return "–";
  return typeof value === "number" ? String(Number(value.toPrecision(5))) : String(value as string | boolean);
}
