/** What functions of Node's own hold in their closures: a debugger may look there, and a program may debug itself. */
import { type Runtime, Session } from "node:inspector";
import { ask, idOf, valueOf } from "./remoteValues.ts";

type AnyFunction = (...values: never[]) => unknown;

/** The value that the variable `name` has for the function `seenBy`. */
export type Look = (seenBy: AnyFunction, name: string) => unknown;

/** Calls `use` with a look into closures, which lasts no longer than the call. */
export function withClosures<T>(use: (look: Look) => T): T {
  const session = new Session();
  session.connect();

  const propertiesOf = (objectId: string | undefined): Runtime.GetPropertiesReturnType =>
    ask(session, "Runtime.getProperties", { objectId, ownProperties: true });

  const look: Look = (seenBy, name) => {
    const { internalProperties = [] } = propertiesOf(idOf(session, seenBy));
    const scopes = internalProperties.find((property) => property.name === "[[Scopes]]")?.value;
    for (const { value: scope } of propertiesOf(scopes?.objectId).result) {
      // To list global variables would read them, and load what Node loads at the first use.
      if (scope === undefined || scope.description === "Global") continue;
      const variable = propertiesOf(scope.objectId).result.find((property) => property.name === name);
      if (variable?.value) return valueOf(session, variable.value);
    }
    throw new Error(`there is no variable ${name} in the closure of ${seenBy.name}`);
  };

  try {
    ask(session, "Debugger.enable");
    return use(look);
  } finally {
    session.disconnect();
  }
}
