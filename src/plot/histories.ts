import { History } from "../train/index.ts";

/** One history, or several by name. */
export type Histories = History | Readonly<Record<string, History>>;

/** The histories by name; one alone is called "training". @throws TypeError if they are something else */
export function historiesByName(operation: string, histories: unknown): Record<string, History> {
  if (histories instanceof History) return { training: histories };
  if (typeof histories !== "object" || histories === null) throw wrong(operation, histories);
  for (const [name, history] of Object.entries(histories))
    if (!(history instanceof History)) throw wrong(operation, histories, name);
  return histories as Record<string, History>;
}

/** The one history. @throws TypeError if it is something else */
export function oneHistory(operation: string, history: unknown): History {
  if (history instanceof History) return history;
  const single =
    typeof history === "object" &&
    history !== null &&
    Object.values(history).every((each) => each instanceof History)
      ? (Object.values(history) as History[])
      : [];
  if (single.length === 1) return single[0];
  throw new TypeError(
    `plot.${operation}: shows one history, as train.fit returns it` +
      (single.length > 1
        ? `, got ${single.length}; choose one: race.histories["${Object.keys(history as object)[0]}"]`
        : `, got ${kindOf(history)}`),
  );
}

export function wrong(operation: string, given: unknown, name?: string): TypeError {
  const inside = typeof given === "object" && given !== null && "histories" in given;
  return new TypeError(
    `plot.${operation}: give a history, as train.fit returns it, or several by name, { SGD: history }; got ` +
      (name === undefined ? kindOf(given) : `${kindOf(given)} whose "${name}" is no history`) +
      (inside ? "; of a race give race.histories" : ""),
  );
}

/** What a value is, for an error. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  const name = value.constructor?.name ?? "Object";
  return name === "Object" ? "an object" : /^[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`;
}
