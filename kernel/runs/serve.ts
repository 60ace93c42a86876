/** `gradbook runs --serve`: the list and the comparison as a page, for this machine only and to look at only. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { asJson } from "./json.ts";
import type { Comparison, Conditions, Library, Track } from "./library.ts";

/** How often the folder is looked at while a page is open. */
const millisecondsBetweenLooks = 1000;
/** Of each curve, as in every figure; fewer of each where many curves are drawn over one another. */
const pointsOfACurve = 500;
const pointsOfAFigure = 100_000;
const fewestPoints = 50;
/** Axes of parallel coordinates, the metric among them. */
const mostColumns = 12;
/** A request names the runs that it asks for, of which there may be thousands. */
const bytesOfARequest = 1 << 20;

export interface RunsServer {
  readonly url: string;
  readonly closed: Promise<void>;
  close(): void;
}

type Where = Pick<Conditions, "folder">;

/** Nothing comes from elsewhere, and nothing is sent there. Plotly sets styles on elements. */
const headers = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};

const page = (name: string): string => fileURLToPath(new URL(`page/${name}`, import.meta.url));
const plotly = (): string => createRequire(import.meta.url).resolve("plotly.js-dist-min/plotly.min.js");

const files: Readonly<Record<string, readonly [type: string, path: () => string]>> = {
  "/": ["text/html", () => page("index.html")],
  "/page.css": ["text/css", () => page("page.css")],
  "/main.js": ["text/javascript", () => page("main.js")],
  "/figures.js": ["text/javascript", () => page("figures.js")],
  "/table.js": ["text/javascript", () => page("table.js")],
  "/plotly.js": ["text/javascript", plotly],
};

export async function serveRuns(library: Library, where: Where, port: number): Promise<RunsServer> {
  const followers = new Set<ServerResponse>();
  const server = createServer({ maxHeaderSize: bytesOfARequest }, (request, response) =>
    answer(library, where, followers, request, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`port ${port} is taken: choose another with --port, or 0 for any`)
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  let seen = "";
  const looking = setInterval(() => {
    if (followers.size === 0) return;
    const now = fingerprint(library.track, where);
    if (now === seen) return;
    seen = now;
    for (const follower of followers) follower.write("data: changed\n\n");
  }, millisecondsBetweenLooks);
  const closed = new Promise<void>((resolve) => server.once("close", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    closed,
    close() {
      clearInterval(looking);
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(
  library: Library,
  where: Where,
  followers: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const send = (status: number, type: string, body: string | Buffer): void => {
    response.writeHead(status, { ...headers, "Content-Type": `${type}; charset=utf-8` });
    response.end(request.method === "HEAD" ? undefined : body);
  };
  // A page elsewhere may let its own name point to this machine; its requests then bear that name.
  if (!isOwnHost(request))
    return send(403, "text/plain", "This page is at 127.0.0.1 or localhost, and under no other name.\n");
  if (request.method !== "GET" && request.method !== "HEAD")
    return send(405, "text/plain", "This page is to look at only.\n");
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  try {
    const file = files[pathname];
    if (file) return send(200, file[0], readFileSync(file[1]()));
    const query = queries[pathname];
    if (query) return send(200, "application/json", JSON.stringify(query(library, where, searchParams)));
    if (pathname === "/api/changes") return follow(followers, response);
    return send(404, "text/plain", `There is nothing at ${pathname}.\n`);
  } catch (error) {
    const isAsked = error instanceof RangeError;
    return send(isAsked ? 404 : 500, "text/plain", `${(error as Error).message}\n`);
  }
}

function isOwnHost({ headers: { host }, socket }: IncomingMessage): boolean {
  return ["127.0.0.1", "localhost"].some((name) => host === `${name}:${socket.localPort}`);
}

/** Server-sent events, one for every change of the folder. */
function follow(followers: Set<ServerResponse>, response: ServerResponse): void {
  response.writeHead(200, { ...headers, "Content-Type": "text/event-stream" });
  response.write(": following\n\n");
  followers.add(response);
  response.on("close", () => followers.delete(response));
}

type Query = (library: Library, where: Where, asked: URLSearchParams) => unknown;

const queries: Readonly<Record<string, Query>> = {
  "/api/runs": ({ track }, where) => track.findRuns(where).map(asJson),
  "/api/curves": curves,
  "/api/parallel": parallelCoordinates,
};

function curves({ track }: Library, where: Where, asked: URLSearchParams): unknown {
  const { comparison, metric, count } = compared(track, where, asked);
  if (!comparison) return { differences: [], curves: [] };
  const points = Math.max(fewestPoints, Math.min(pointsOfACurve, Math.floor(pointsOfAFigure / count)));
  return {
    differences: comparison.differences,
    curves: comparison.curves(metric, { points }).map(({ id, name, steps, values }) => ({
      id,
      name,
      steps: Array.from(steps),
      values: Array.from(values),
    })),
  };
}

function parallelCoordinates({ track, plot }: Library, where: Where, asked: URLSearchParams): unknown {
  const { comparison, metric } = compared(track, where, asked);
  const differences = comparison?.differences ?? [];
  if (!comparison || differences.length === 0) return { differences };
  const columns = [...differences.slice(0, mostColumns - 1).map((name) => `params.${name}`), metric];
  const { data, layout } = plot.parallelCoordinates(comparison.table(), { columns, color: metric });
  return { differences, data, layout };
}

interface Compared {
  /** Undefined where no run is asked for. */
  readonly comparison?: Comparison;
  readonly metric: string;
  readonly count: number;
}

function compared(track: Track, where: Where, asked: URLSearchParams): Compared {
  const ids = asked.get("ids")?.split(",").filter(Boolean) ?? [];
  const metric = asked.get("metric") ?? "";
  if (ids.length === 0) return { metric, count: 0 };
  return { comparison: track.compare(ids, where), metric, count: ids.length };
}

/** Changes with every file of every run, and with the state of runs whose process went away. */
function fingerprint(track: Track, where: Where): string {
  return track
    .findRuns(where)
    .map(({ folder, status }) => {
      const sizes = readdirSync(folder).map((name) => `${name} ${sizeOf(join(folder, name))}`);
      return `${dirname(folder)} ${status} ${sizes.join(" ")}`;
    })
    .join("\n");
}

function sizeOf(path: string): number {
  // Deleted since it was listed: a change too.
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}
