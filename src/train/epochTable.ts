import { htmlTable } from "../util/table.ts";
import { type EpochRecord, percent } from "./history.ts";

/** More rows push what stands below out of sight. */
const mostRows = 20;
/** Rows are an epoch apart, or every second, fifth, tenth: so that a row stays while the table grows. */
const strides = [1, 2, 5];

/** What each epoch came to, as an HTML table: losses, accuracies and metrics, of training and of validation. */
export function epochTable(epochs: readonly EpochRecord[]): string {
  if (epochs.length === 0) return "";
  const columns = columnsOf(epochs[0]);
  const headings = ["epoch", ...columns.map(({ heading }) => heading)];
  const rows = spread(epochs).map((record) => [
    String(record.epoch),
    ...columns.map(({ show }) => show(record)),
  ]);
  return htmlTable([headings, ...rows], { right: headings.join(",") });
}

interface Column {
  readonly heading: string;
  show(record: EpochRecord): string;
}

/** The first epoch tells which numbers there are. */
function columnsOf(first: EpochRecord): Column[] {
  const metrics = (part: "metrics" | "validationMetrics", prefix: string): Column[] =>
    Object.keys(first[part] ?? {}).map((name) => ({
      heading: prefix + name,
      show: (record) => number(record[part]?.[name]),
    }));
  const known: (Column & { readonly there: unknown })[] = [
    { heading: "loss", there: true, show: ({ loss }) => number(loss) },
    { heading: "penalty", there: first.penalty, show: ({ penalty }) => number(penalty) },
    { heading: "accuracy", there: first.accuracy, show: ({ accuracy }) => fraction(accuracy) },
  ];
  const validation: typeof known = [
    {
      heading: "validation loss",
      there: first.validationLoss,
      show: ({ validationLoss }) => number(validationLoss),
    },
    {
      heading: "validation accuracy",
      there: first.validationAccuracy,
      show: ({ validationAccuracy }) => fraction(validationAccuracy),
    },
  ];
  const there = (columns: typeof known): Column[] => columns.filter((column) => column.there !== undefined);
  return [
    ...there(known),
    ...metrics("metrics", ""),
    ...there(validation),
    ...metrics("validationMetrics", "validation "),
  ];
}

/** At most so many epochs, evenly apart, and the last. */
function spread(epochs: readonly EpochRecord[]): readonly EpochRecord[] {
  let stride = 1;
  for (let power = 1; epochs.length > mostRows * stride; power *= 10)
    stride = power * (strides.find((each) => epochs.length <= mostRows * each * power) ?? 10);
  const last = epochs.length - 1;
  return epochs.filter(({ epoch }, index) => epoch % stride === 0 || index === last);
}

const fraction = (value: number | undefined): string => (value === undefined ? "–" : percent(value));

/** Four decimals, and of what would be 0.0000 its first digits. */
function number(value: number | undefined): string {
  if (value === undefined) return "–";
  return value === 0 || Math.abs(value) >= 0.001 ? value.toFixed(4) : value.toExponential(2);
}
