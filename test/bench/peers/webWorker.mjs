/**
 * The browser's `Worker` over Node's, as much of it as jax-js needs for its threads: a script in a blob that talks through
 * `postMessage` and `onmessage`.
 */
import { resolveObjectURL } from "node:buffer";
import { Worker } from "node:worker_threads";

const asInBrowser = `
const { parentPort } = require("node:worker_threads");
globalThis.self = globalThis;
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.on("message", (data) => globalThis.onmessage({ data }));
`;

globalThis.Worker = class {
  onmessage;
  onerror;
  #worker;

  constructor(url) {
    this.#worker = this.#start(url);
  }

  async #start(url) {
    const script = await resolveObjectURL(url).text();
    const worker = new Worker(asInBrowser + script, { eval: true });
    worker.on("message", (data) => this.onmessage?.({ data }));
    worker.on("error", (error) => this.onerror?.(error));
    worker.unref();
    return worker;
  }

  async postMessage(message) {
    (await this.#worker).postMessage(message);
  }
};
