/** `gradbook runs`: what was tracked, at the terminal. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { parsed, UsageError } from "../usageError.ts";
import { type Conditions, loadLibrary, type Status, type StoredRun, type Track } from "./library.ts";
import { allAsJson, asJson } from "./json.ts";
import { serveRuns } from "./serve.ts";

export const usage = `Usage: gradbook runs [<command>] [conditions] [--folder <folder>]

  list                       the runs, the oldest first; the default
  show <run>                 everything about one
  compare <run> <run> …      side by side: the parameters that differ first, then the metrics
  export csv <file> [<run> …]
  export parquet <file> [<run> …]
  export tensorboard <folder> [<run> …]
                             all that fit the conditions, where no run is named
  delete <run> … [--yes]     delete for good; without --yes only say what would be deleted
  --serve [--port <port>]    the list and the comparison as a page that follows them, on 127.0.0.1; port 8890

A run is named by its id, or by the beginning or end of it that only it has.
Conditions: --tag <tag> (again for more), --name <name>, --status running|finished|interrupted|failed|crashed,
--search <text> (in names, notes, tags and parameters).
Runs are looked for in --folder, else in GRADBOOK_RUNS, else in ./runs. --json prints a list as JSON.
`;

const options = {
  folder: { type: "string" },
  tag: { type: "string", multiple: true },
  name: { type: "string" },
  status: { type: "string", multiple: true },
  search: { type: "string" },
  json: { type: "boolean" },
  yes: { type: "boolean" },
  serve: { type: "boolean" },
  port: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsConfig["options"];

const statuses: readonly string[] = ["running", "finished", "interrupted", "failed", "crashed"];

interface Call {
  readonly track: Track;
  readonly names: readonly string[];
  readonly conditions: Conditions;
  readonly where: Pick<Conditions, "folder">;
  readonly json: boolean;
  readonly yes: boolean;
}

const commands: Readonly<Record<string, (call: Call) => number>> = {
  list,
  show,
  compare,
  export: exportRuns,
  delete: deleteRuns,
};

export async function runs(args: string[]): Promise<number> {
  const { values, positionals } = parsed(() => parseArgs({ args, options, allowPositionals: true }));
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const [name = "list", ...names] = positionals;
  const { folder, tag: tags, status, search } = values;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(`runs has no command "${name}"`);
  const unknown = status?.find((each) => !statuses.includes(each));
  if (unknown !== undefined)
    throw new UsageError(`no status is called "${unknown}": choose one of ${statuses.join(", ")}`);
  const library = await loadLibrary();
  const { track } = library;
  const where = folder === undefined ? {} : { folder };
  if (values.serve) {
    const port = Number(values.port ?? 8890);
    if (!(Number.isInteger(port) && port >= 0 && port < 65536))
      throw new UsageError(`--port must be an integer from 0 to 65535, got ${values.port}`);
    const { url, closed } = await serveRuns(library, where, port);
    console.log(`The runs are at ${url} until Ctrl-C`);
    await closed;
    return 0;
  }
  const conditions: Conditions = {
    ...where,
    ...(tags && { tags }),
    ...(values.name !== undefined && { name: values.name }),
    ...(status && { status: status as Status[] }),
    ...(search !== undefined && { search }),
  };
  return command({ track, names, conditions, where, json: values.json ?? false, yes: values.yes ?? false });
}

function list({ track, names, conditions, json }: Call): number {
  if (names.length > 0) throw new UsageError("list takes conditions, no runs");
  const found = track.findRuns(conditions);
  if (json) console.log(JSON.stringify(found.map(asJson), null, 1));
  else if (found.length === 0) console.log("No runs; train.fit({ track: true }) and track.run(…) make some.");
  else {
    const head = ["id", "name", "status", "started", "seconds", "tags", "metrics, last"];
    console.log(columns([head, ...found.map(line)]));
  }
  return 0;
}

const line = (run: StoredRun): string[] => [
  run.id,
  run.name,
  run.status,
  run.started.toISOString().slice(0, 16).replace("T", " "),
  run.duration.toFixed(1),
  run.tags.join(", "),
  shortened(
    Object.entries(run.metrics)
      .filter(([name]) => !name.startsWith("gradientNorm."))
      .map(([name, { last }]) => `${name} ${short(last)}`)
      .join(", "),
  ),
];

function show({ track, names, where, json }: Call): number {
  const [id, ...rest] = names;
  if (id === undefined || rest.length > 0) throw new UsageError("show takes one run");
  const run = track.open(id, where);
  if (json) {
    console.log(JSON.stringify(allAsJson(run), null, 1));
    return 0;
  }
  const rows = (title: string, entries: (readonly string[])[]): string[] =>
    entries.length === 0 ? [] : ["", title, columns(entries).replace(/^/gm, "  ")];
  const { git } = run;
  const facts = [
    ["status", run.reason === undefined ? run.status : `${run.status}: ${run.reason}`],
    ["started", run.started.toISOString()],
    ["seconds", run.duration.toFixed(1)],
    ["seed", String(run.seed)],
    ...(run.tags.length > 0 ? [["tags", run.tags.join(", ")]] : []),
    ...(git
      ? [
          [
            "commit",
            `${git.commit}${git.branch === undefined ? "" : ` on ${git.branch}`}, ${git.changes.length} files changed`,
          ],
        ]
      : []),
    [
      "versions",
      Object.entries(run.versions)
        .map((pair) => pair.join(" "))
        .join(", "),
    ],
    ["folder", run.folder],
    ...(run.lost > 0 ? [["lost", `${run.lost} lines could not be written`]] : []),
  ];
  const metrics = Object.entries(run.metrics).map(([name, { last, min, max }]) => [
    name,
    ...[last, min, max].map(short),
  ]);
  console.log(
    [
      `${run.name}  ${run.id}`,
      ...(run.notes === "" ? [] : ["", run.notes]),
      "",
      columns(facts).replace(/^/gm, "  "),
      ...rows(
        "Parameters",
        Object.entries(run.flatParams).map(([name, value]) => [name, String(value)]),
      ),
      ...rows("Metrics", metrics.length === 0 ? [] : [["", "last", "min", "max"], ...metrics]),
      ...rows(
        "Data",
        Object.entries(run.datasets).map(([name, sum]) => [name, `SHA-256 ${sum}`]),
      ),
      ...rows(
        "Artifacts",
        run
          .artifacts()
          .map(({ name, bytes, sha256 }) => [
            name,
            `${bytes} bytes`,
            sha256 === undefined ? "" : `SHA-256 ${sha256}`,
          ]),
      ),
    ].join("\n"),
  );
  return 0;
}

function compare({ track, names, where, conditions }: Call): number {
  const ids = names.length > 0 ? names : track.findRuns(conditions).map(({ id }) => id);
  if (ids.length < 2) throw new UsageError("compare takes two runs or more, or conditions that find them");
  console.log(track.compare(ids, where).toString());
  return 0;
}

function exportRuns({ track, names, conditions, where }: Call): number {
  const [kind, target, ...ids] = names;
  if (target === undefined) throw new UsageError("export takes csv, parquet or tensorboard, and where to");
  const which = ids.length > 0 ? ids : conditions;
  if (kind === "csv") console.log(`${track.exportCsv(target, which, where)} numbers in ${target}`);
  else if (kind === "parquet")
    console.log(`${track.exportParquet(target, which, where)} numbers in ${target}`);
  else if (kind === "tensorboard") {
    const folders = track.exportTensorBoard(target, which, where);
    console.log(`${folders.length} runs in ${target}; look at them with: tensorboard --logdir ${target}`);
  } else throw new UsageError(`runs are exported as csv, parquet or tensorboard, not as "${kind}"`);
  return 0;
}

function deleteRuns({ track, names, where, yes }: Call): number {
  if (names.length === 0) throw new UsageError("delete takes the runs that go");
  const found = names.map((id) => track.open(id, where));
  if (yes)
    track.deleteRuns(
      found.map(({ id }) => id),
      where,
    );
  for (const { id, name } of found) console.log(`${yes ? "Deleted" : "Would delete"} ${id} ${name}`);
  if (!yes) console.log("Nothing was deleted: --yes deletes for good.");
  return yes ? 0 : 1;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

const shortened = (text: string): string => (text.length > 70 ? `${text.slice(0, 69)}…` : text);

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
