import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { downsample } from "../../src/plot/downsample.ts";
import * as plot from "../../src/plot/index.ts";
import { colorsOf } from "../../src/plot/palette.ts";
import { smooth } from "../../src/plot/smooth.ts";
import { History } from "../../src/train/index.ts";
import { jupyterDisplay } from "../../src/util/host.ts";

const history = (losses: number[], epochLength = losses.length): History => {
  const made = new History();
  losses.forEach((loss, index) => {
    made.recordStep(loss, 0.01);
    if ((index + 1) % epochLength === 0) {
      const epoch = (index + 1) / epochLength;
      const steps = index + 1;
      made.recordEpoch({
        epoch,
        steps,
        loss,
        accuracy: 0.5,
        validationLoss: loss + 1,
        validationAccuracy: 0.4,
      });
    }
  });
  return made;
};

interface Trace {
  name: string;
  x: number[];
  y: number[];
  line: { color: string };
}

const tracesOf = (figure: plot.Figure): Trace[] => figure.data as unknown as Trace[];

describe("lossCurves", () => {
  const race = { SGD: history([3, 2, 1]), Momentum: history([3, 1, 0.5]), Adam: history([3, 0.5, 0.1]) };

  test("three optimizers make three traces, each with its own colour, in every figure the same", () => {
    const traces = tracesOf(plot.lossCurves(race));
    expect(traces.map(({ name }) => name)).toEqual(["SGD", "Momentum", "Adam"]);
    expect(new Set(traces.map(({ line }) => line.color)).size).toBe(3);
    const [adam] = tracesOf(plot.lossCurves({ Adam: race.Adam, mine: race.SGD }));
    expect(adam.line.color).toBe(traces[2].line.color);
  });

  test("a single training shows its validation loss at the ends of epochs", () => {
    const traces = tracesOf(plot.lossCurves(history([4, 3, 2, 1], 2), { smoothing: 0 }));
    expect(traces.map(({ name, x, y }) => ({ name, x, y }))).toEqual([
      { name: "training", x: [1, 2, 3, 4], y: [4, 3, 2, 1] },
      { name: "validation", x: [2, 4], y: [4, 2] },
    ]);
  });

  test("validation: true doubles the traces, in the colours of their trainings", () => {
    const traces = tracesOf(plot.lossCurves(race, { validation: true }));
    expect(traces).toHaveLength(6);
    expect(traces[0].line.color).toBe(traces[1].line.color);
  });

  test("axes have titles, and say when the curve is an average", () => {
    const titles = (options: plot.LossCurvesOptions): string[] => {
      const { xaxis, yaxis } = plot.lossCurves(race, options).layout as Record<
        string,
        { title: { text: string } }
      >;
      return [xaxis.title.text, yaxis.title.text];
    };
    expect(titles({})).toEqual(["step", "loss (moving average, 0.9)"]);
    expect(titles({ smoothing: 0 })).toEqual(["step", "loss"]);
    expect(plot.lossCurves(race, { scale: "log" }).layout.yaxis?.type).toBe("log");
  });

  test("drawn again, the same histories make the same figure; others make another", () => {
    const idOf = (figure: plot.Figure): string =>
      (figure.layout as unknown as { meta: { figureId: string } }).meta.figureId;
    const id = idOf(plot.lossCurves(race));
    expect(id).toMatch(/\w/);
    expect(idOf(plot.lossCurves(race))).toBe(id);
    expect(idOf(plot.lossCurves({ ...race }))).not.toBe(id);
  });

  test("100,000 steps are shown by at most 500 points a trace, and fit in 64 KiB", () => {
    const long = { Adam: history(Array.from({ length: 100_000 }, (_, step) => 1 / (step + 1) + (step % 7))) };
    const figure = plot.lossCurves(long, { validation: false });
    expect(tracesOf(figure)[0].x.length).toBeLessThanOrEqual(500);
    expect(JSON.stringify(figure[jupyterDisplay]()).length).toBeLessThan(65_536);
  });

  test("before the first step there is a figure too", () => {
    const figure = plot.lossCurves({ SGD: new History() });
    expect(tracesOf(figure)[0].y).toEqual([]);
    expect(figure.toString()).toBe("Training loss: SGD (no step yet)");
  });

  test("its text says where each curve began and ended", () => {
    expect(plot.lossCurves(race)[jupyterDisplay]()["text/plain"]).toBe(
      "Training loss: SGD 3.00 → 1.00 in 3 steps; Momentum 3.00 → 0.500 in 3 steps; Adam 3.00 → 0.100 in 3 steps",
    );
  });
});

describe("figure", () => {
  test("shows what it was given, as Plotly's JSON", () => {
    const shown = plot
      .figure({ data: [{ y: [1, 2], name: "a" }], layout: { height: 200 } })
      [jupyterDisplay]();
    expect(shown).toEqual({
      "application/vnd.plotly.v1+json": { data: [{ y: [1, 2], name: "a" }], layout: { height: 200 } },
      "text/plain": "Figure: 1 trace (a)",
    });
  });
  test("without traces it says what it needs", () => {
    expect(() => plot.figure({} as plot.FigureParts)).toThrow("plot.figure: data must be a list of traces");
  });
});

describe("downsample", () => {
  test("keeps first, last, lowest and highest, in order, within the limit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 3000 }),
        fc.integer({ min: 6, max: 500 }),
        (y, limit) => {
          const x = y.map((_, index) => index);
          const kept = downsample(x, y, limit);
          expect(kept.x.length).toBeLessThanOrEqual(limit);
          expect(kept.x).toEqual(kept.x.toSorted((a, b) => a - b));
          expect(kept.y).toEqual(kept.x.map((place) => y[place]));
          expect([kept.x[0], kept.x.at(-1)]).toEqual([0, y.length - 1]);
          expect(Math.min(...kept.y)).toBe(Math.min(...y));
          expect(Math.max(...kept.y)).toBe(Math.max(...y));
        },
      ),
    );
  });
  test("leaves out what is not finite, and short curves as they are", () => {
    expect(downsample([1, 2, 3], [5, NaN, Infinity])).toEqual({ x: [1], y: [5] });
    expect(downsample([], [])).toEqual({ x: [], y: [] });
  });
  test("a growing curve keeps the points it has shown until buckets double", () => {
    const y = Array.from({ length: 1500 }, (_, index) => (index * 7919) % 1009);
    const shown = (n: number): number[] =>
      downsample(
        y.slice(0, n).map((_, index) => index),
        y.slice(0, n),
      ).x;
    const later = new Set(shown(1490));
    // The first 1,400 lie in full buckets of both.
    expect(
      shown(1480)
        .filter((place) => place < 1400)
        .every((place) => later.has(place)),
    ).toBe(true);
  });
});

describe("smooth", () => {
  test("a constant stays itself from the first point, and 0 changes nothing", () => {
    for (const value of smooth([2, 2, 2, 2], 0.9)) expect(value).toBeCloseTo(2, 12);
    expect(smooth([3, 1, 2], 0)).toEqual([3, 1, 2]);
  });
  test("each point is the weighted mean of those before, weights falling by the smoothing", () => {
    expect(smooth([1, 5], 0.5)[1]).toBeCloseTo((0.5 * 1 + 1 * 5) / 1.5, 12);
  });
  test.each([-0.1, 1, NaN])("smoothing %d is refused", (smoothing) => {
    expect(() => smooth([1], smoothing)).toThrow(`smooth: smoothing must lie in [0, 1), got ${smoothing}`);
  });
});

test("colours differ for eight names, known or not", () => {
  const names = ["a", "SGD", "b", "Adam", "c", "d", "Momentum", "e"];
  expect(new Set(colorsOf(names)).size).toBe(8);
  expect(colorsOf(["toString"])[0]).toMatch(/^#/);
});
