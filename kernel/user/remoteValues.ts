/**
 * Values as the inspector knows them, by ids of its own, and as themselves. They change hands in a property of the
 * global object, which is there no longer than that takes. Sessions are this thread's own: they answer before `post`
 * returns.
 */
import type { Runtime, Session } from "node:inspector";

const hand = "__gradbookHand__";

export function ask<Answer>(session: Session, method: string, parameters = {}): Answer {
  let failure: Error | null = null;
  let answer: unknown;
  session.post(method, parameters, (problem, result) => {
    failure = problem;
    answer = result;
  });
  if (failure) throw failure as Error;
  return answer as Answer;
}

/** The inspector keeps the value until its group is released, or the session ends. */
export function idOf(session: Session, value: object, objectGroup?: string): string | undefined {
  Object.defineProperty(globalThis, hand, { value, configurable: true });
  const { result } = ask<Runtime.EvaluateReturnType>(session, "Runtime.evaluate", {
    expression: hand,
    objectGroup,
  });
  Reflect.deleteProperty(globalThis, hand);
  return result.objectId;
}

export function valueOf(session: Session, remote: Runtime.RemoteObject, objectGroup?: string): unknown {
  const { objectId, unserializableValue, value } = remote;
  const argument = objectId ? { objectId } : unserializableValue ? { unserializableValue } : { value };
  const receiver: { value?: unknown } = {};
  ask(session, "Runtime.callFunctionOn", {
    objectId: idOf(session, receiver, objectGroup),
    functionDeclaration: "function (value) { this.value = value; }",
    arguments: [argument],
  });
  return receiver.value;
}
