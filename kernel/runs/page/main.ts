/** The page of `gradbook runs --serve`: a table of runs, and a metric of those that are chosen, drawn above it. */
import {
  type Curves,
  curvesFigure,
  type Figure,
  type ParallelCoordinates,
  parallelFigure,
} from "./figures.ts";
import type { Run } from "./run.ts";
import { drawTable } from "./table.ts";

declare const Plotly: {
  react(element: HTMLElement, data: object[], layout: object, config: object): Promise<void>;
};

/** Plotly takes seconds to load: meanwhile the runs are read, and listed. */
const plotly = new Promise<void>((resolve, reject) => {
  const script = document.createElement("script");
  script.src = "plotly.js";
  script.addEventListener("load", () => resolve());
  script.addEventListener("error", () => reject(new Error("plotly.js could not be loaded")));
  document.head.append(script);
});

const element = <Kind extends HTMLElement>(id: string): Kind => document.getElementById(id) as Kind;
const figure = element("figure");
const state = element("state");
const search = element<HTMLInputElement>("search");
const metric = element<HTMLSelectElement>("metric");
const view = element<HTMLSelectElement>("view");
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
  const [differences, { data, layout }] = await compared(drawn.map(({ id }) => id));
  const onChoice = (next: Set<string>): void => {
    chosen = next;
    void refresh(false);
  };
  drawTable(shown, { ids, metric: metric.value, differences, onChoice });
  await plotly;
  const ours = {
    font: { color: getComputedStyle(document.body).color },
    paper_bgcolor: "rgba(0, 0, 0, 0)",
    plot_bgcolor: "rgba(0, 0, 0, 0)",
  };
  await Plotly.react(figure, data, { ...layout, ...ours }, { responsive: true, displaylogo: false });
}

async function compared(ids: readonly string[]): Promise<[differences: string[], Figure]> {
  const asked = `metric=${encodeURIComponent(metric.value)}&ids=${ids.join(",")}`;
  if (view.value === "parallel") {
    const answer = await json<ParallelCoordinates>(`api/parallel?${asked}`);
    return [answer.differences, parallelFigure(answer)];
  }
  const answer = await json<Curves>(`api/curves?${asked}`);
  return [answer.differences, curvesFigure(answer, metric.value, log.checked)];
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

search.addEventListener("input", () => void refresh(false));
metric.addEventListener("change", () => void refresh(false));
view.addEventListener("change", () => void refresh(false));
log.addEventListener("change", () => void refresh(false));

const changes = new EventSource("api/changes");
changes.addEventListener("message", () => void refresh(true));
changes.addEventListener("error", () => (state.textContent = "not connected; trying again"));
void refresh(true);
