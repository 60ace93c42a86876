/** `prompt`: ask the person at the notebook, and block until they answer. */
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import type { ToIo } from "../channel.ts";
import type { Signals } from "../signals.ts";
import { currentCell, InterruptedError } from "./cell.ts";
import type * as Globals from "./globals.ts";

export interface PromptOptions {
  /** Hide what is typed; default false. */
  password?: boolean;
}

export function createPrompt(
  post: (message: ToIo) => void,
  signals: Signals,
  answers: MessagePort,
): typeof Globals.prompt {
  return (message = "", { password = false } = {}) => {
    const cell = currentCell();
    if (!cell.allowInput)
      throw new Error(
        "prompt: nobody can answer here; this notebook runs unattended. Set the value in the cell",
      );
    signals.openInput();
    post({ type: "input", origin: cell.origin, prompt: String(message), password });
    if (!signals.waitForInput()) {
      cell.heeded = true;
      throw new InterruptedError();
    }
    return receiveMessageOnPort(answers)?.message as string;
  };
}
