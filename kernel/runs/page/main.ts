/** The page of `gradbook runs --serve`: a table of runs, and a metric of those that are chosen, drawn over the steps. */

interface Summary {
  last: number | string;
  min: number | string;
  max: number | string;
}

interface Run {
  id: string;
  name: string;
  status: string;
  reason?: string;
  started: string;
  duration: number;
  tags: string[];
  params: Record<string, string | number | boolean | null>;
  metrics: Record<string, Summary>;
}

interface Curves {
  differences: string[];
  curves: { id: string; name: string; steps: number[]; values: number[] }[];
}

declare const Plotly: {
  react(element: HTMLElement, data: object[], layout: object, config: object): Promise<void>;
};

/** Okabe and Ito's colours, which all eyes tell apart; a run keeps its own. */
const palette = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#888888"];
const colors = new Map<string, string>();

const element = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const [figure, head, body, state] = ["figure", "head", "body", "state"].map((id) => element(id)) as [
  HTMLElement,
  HTMLElement,
  HTMLElement,
  HTMLElement,
];
const search = element<HTMLInputElement>("search");
const metric = element<HTMLSelectElement>("metric");
const log = element<HTMLInputElement>("log");

/** The newest are drawn until someone chooses. */
const drawnAtFirst = 10;
let runs: Run[] = [];
let chosen: Set<string> | undefined;
let drawing = false;
let drawAgain = false;

async function json<Answer>(path: string): Promise<Answer> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Answer;
}

/** One drawing at a time, and afterwards one more if something came meanwhile. */
async function refresh(reload: boolean): Promise<void> {
  if (drawing) {
    drawAgain = true;
    return;
  }
  drawing = true;
  try {
    if (reload || runs.length === 0) runs = await json<Run[]>("api/runs");
    await draw();
    state.textContent = `${runs.length} runs, ${runs.filter(({ status }) => status === "running").length} running`;
  } catch (error) {
    state.textContent = String((error as Error).message);
  } finally {
    drawing = false;
  }
  if (drawAgain) {
    drawAgain = false;
    await refresh(true);
  }
}

async function draw(): Promise<void> {
  const shown = runs.filter(matches).toReversed();
  const ids = chosen ?? new Set(shown.slice(0, drawnAtFirst).map(({ id }) => id));
  chooseMetric();
  const drawn = shown.filter(({ id, metrics }) => ids.has(id) && metric.value in metrics);
  const query = `api/curves?metric=${encodeURIComponent(metric.value)}&ids=${drawn.map(({ id }) => id).join(",")}`;
  const { differences, curves } = await json<Curves>(query);
  drawTable(shown, ids, differences);
  const color = getComputedStyle(document.body).color;
  const axis = { gridcolor: "rgba(128, 128, 128, 0.25)", zerolinecolor: "rgba(128, 128, 128, 0.5)" };
  await Plotly.react(
    figure,
    curves.map(({ id, name, steps, values }) => ({
      type: "scatter",
      mode: steps.length === 1 ? "markers" : "lines",
      name: `${name} ${id.slice(-4)}`,
      x: steps,
      y: values,
      line: { color: colorOf(id), width: 2 },
    })),
    {
      margin: { l: 70, r: 20, t: 20, b: 50 },
      font: { color },
      paper_bgcolor: "rgba(0, 0, 0, 0)",
      plot_bgcolor: "rgba(0, 0, 0, 0)",
      xaxis: { ...axis, title: { text: "step" } },
      yaxis: { ...axis, title: { text: metric.value }, type: log.checked ? "log" : "linear" },
      showlegend: true,
      // Zoom and hidden curves stay through updates.
      uirevision: metric.value,
    },
    { responsive: true, displaylogo: false },
  );
}

const matches = ({ id, name, tags, params }: Run): boolean =>
  [id, name, ...tags, ...Object.entries(params).flat()]
    .join("\n")
    .toLowerCase()
    .includes(search.value.toLowerCase());

function chooseMetric(): void {
  const names = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))];
  if (names.join("\n") === [...metric.options].map(({ value }) => value).join("\n")) return;
  const before = metric.value;
  metric.replaceChildren(...names.map((name) => new Option(name, name)));
  metric.value = names.includes(before) ? before : (names.find((name) => name === "loss") ?? names[0] ?? "");
}

function colorOf(id: string): string {
  const color = colors.get(id) ?? palette[colors.size % palette.length] ?? "#888888";
  colors.set(id, color);
  return color;
}

function drawTable(shown: readonly Run[], ids: ReadonlySet<string>, differences: readonly string[]): void {
  const all = [...new Set(shown.flatMap(({ params }) => Object.keys(params)))];
  const params = [...differences, ...all.filter((name) => !differences.includes(name))];
  const name = metric.value;
  const titles = ["", "run", "id", "status", "seconds", ...(name === "" ? [] : [name, "min", "max"])];
  head.replaceChildren(
    row([
      ...titles.map((title) => cell("th", title)),
      ...params.map((title) => cell("th", title, differences.includes(title) ? "differs" : "")),
      cell("th", "tags"),
    ]),
  );
  body.replaceChildren(
    ...shown.map((run) => {
      const { id, status, duration, metrics, tags, reason } = run;
      const summary = metrics[name];
      const numbers = name === "" ? [] : [summary?.last, summary?.min, summary?.max];
      const statusCell = cell("td", status, status);
      statusCell.title = reason ?? "";
      return row([
        choice(id, ids),
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

function choice(id: string, ids: ReadonlySet<string>): HTMLElement {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = ids.has(id);
  box.setAttribute("aria-label", `draw ${id}`);
  box.addEventListener("change", () => {
    chosen = new Set(ids);
    if (box.checked) chosen.add(id);
    else chosen.delete(id);
    void refresh(false);
  });
  const holder = document.createElement("td");
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

search.addEventListener("input", () => void refresh(false));
metric.addEventListener("change", () => void refresh(false));
log.addEventListener("change", () => void refresh(false));

const changes = new EventSource("api/changes");
changes.addEventListener("message", () => void refresh(true));
changes.addEventListener("error", () => (state.textContent = "not connected; trying again"));
void refresh(true);
