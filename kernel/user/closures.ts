/** What functions of Node's own hold in their closures: a debugger may look there, and a program may debug itself. */
import { type Runtime, Session } from "node:inspector";

type AnyFunction = (...values: never[]) => unknown;

/** The value that the variable `name` has for the function `seenBy`. */
export type Look = (seenBy: AnyFunction, name: string) => unknown;

/** The inspector knows values by its own ids. What they stand for is handed over in this property of the global object. */
const counter = "__gradbookCounter__";

/** Calls `use` with a look into closures, which lasts no longer than the call. */
export function withClosures<T>(use: (look: Look) => T): T {
  const session = new Session();
  session.connect();
  const handed: { value?: unknown } = {};
  Object.defineProperty(globalThis, counter, { value: handed, configurable: true });

  /** A session of this thread's own answers before `post` returns. */
  const ask = <Answer>(method: string, parameters = {}): Answer => {
    let failure: Error | null = null;
    let answer: unknown;
    session.post(method, parameters, (problem, result) => {
      failure = problem;
      answer = result;
    });
    if (failure) throw failure as Error;
    return answer as Answer;
  };
  const idOf = (value: unknown): string | undefined => {
    handed.value = value;
    const expression = `${counter}.value`;
    return ask<Runtime.EvaluateReturnType>("Runtime.evaluate", { expression }).result.objectId;
  };
  const valueOf = ({ objectId, value }: Runtime.RemoteObject): unknown => {
    if (objectId === undefined) return value as unknown;
    const functionDeclaration = `function () { ${counter}.value = this }`;
    ask("Runtime.callFunctionOn", { objectId, functionDeclaration });
    return handed.value;
  };
  const propertiesOf = (objectId: string | undefined): Runtime.GetPropertiesReturnType =>
    ask("Runtime.getProperties", { objectId, ownProperties: true });

  const look: Look = (seenBy, name) => {
    const { internalProperties = [] } = propertiesOf(idOf(seenBy));
    const scopes = internalProperties.find((property) => property.name === "[[Scopes]]")?.value;
    for (const scope of propertiesOf(scopes?.objectId).result) {
      // To list global variables would read them, and load what Node loads at the first use.
      if (scope.value?.objectId === undefined || scope.value.description === "Global") continue;
      const variable = propertiesOf(scope.value.objectId).result.find((property) => property.name === name);
      if (variable?.value) return valueOf(variable.value);
    }
    throw new Error(`there is no variable ${name} in the closure of ${seenBy.name}`);
  };

  try {
    ask("Debugger.enable");
    return use(look);
  } finally {
    session.disconnect();
    Reflect.deleteProperty(globalThis, counter);
  }
}
