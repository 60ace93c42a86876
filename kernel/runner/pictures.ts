import { fork, type ChildProcess } from "node:child_process";
import type { Figure } from "./picture/browser.ts";
import type { Picture, PictureReply, PictureRequest } from "./picture/main.ts";

/** Draws figures as PNG, in a process that starts with the first of them. */
export interface Pictures {
  /** The figure as PNG. @throws Error when plotly cannot draw it */
  draw(figure: Figure): Promise<Picture>;
  close(): void;
}

interface Waiting {
  resolve(picture: Picture): void;
  reject(error: Error): void;
}

export function createPictures(): Pictures {
  const waiting = new Map<number, Waiting>();
  let child: ChildProcess | undefined;
  let requests = 0;

  const start = (): ChildProcess => {
    const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
    const started = fork(new URL(`./picture/main.${extension}`, import.meta.url));
    started.on("message", (reply: PictureReply) => {
      const request = waiting.get(reply.id);
      waiting.delete(reply.id);
      if ("png" in reply) request?.resolve(reply);
      else request?.reject(new Error(reply.error));
    });
    started.on("exit", (code) => {
      for (const { reject } of waiting.values())
        reject(new Error(`the drawing process ended (code ${code})`));
      waiting.clear();
      child = undefined;
    });
    return started;
  };

  return {
    draw(figure) {
      child ??= start();
      const request: PictureRequest = { id: ++requests, figure };
      const drawn = new Promise<Picture>((resolve, reject) => waiting.set(request.id, { resolve, reject }));
      child.send(request);
      return drawn;
    },
    close() {
      child?.disconnect();
      child = undefined;
    },
  };
}
