/** Input for a cell that waits in `prompt`, from the client that runs it. */
import type { MessagePort } from "node:worker_threads";
import type { Signals } from "../signals.ts";
import type { Message } from "./wire.ts";

export interface Input {
  /** Ask the client whose request this is, if it is known. */
  ask(request: Message | undefined, content: { prompt: string; password: boolean }): void;
  /** What came over the stdin channel. */
  take(message: Message): void;
}

export interface InputParts {
  send: (content: object, request: Message) => void;
  signals: Signals;
  /** Where the main thread reads the answer. */
  answers: MessagePort;
}

export function createInput({ send, signals, answers }: InputParts): Input {
  let asked: Message | undefined;
  return {
    ask(request, content) {
      asked = request;
      if (asked) send(content, asked);
    },
    take({ header, identities, content }) {
      // Only the client that was asked may answer, and once.
      const isAsked = asked?.identities.every((frame, at) => identities[at]?.equals(frame)) ?? false;
      if (header.msg_type !== "input_reply" || !isAsked || !signals.waitingForInput()) return;
      asked = undefined;
      answers.postMessage(String(content.value ?? ""));
      signals.settleInput(true);
    },
  };
}
