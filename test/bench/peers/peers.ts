import { fileURLToPath } from "node:url";
import { npmFolderWith, pythonWith } from "../install.ts";
import { Side } from "../side.ts";

interface Peer {
  readonly file: string;
  readonly packages: readonly string[];
}

const peers: Readonly<Record<string, Peer>> = {
  torch: { file: "torchPeer.py", packages: ["torch==2.13.0", "numpy"] },
  jax: { file: "jaxPeer.py", packages: ["jax==0.10.2", "jaxlib==0.10.2"] },
  tfjs: {
    file: "tfjsPeer.mjs",
    packages: ["@tensorflow/tfjs@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0"],
  },
  "jax-js": { file: "jaxJsPeer.mjs", packages: ["@jax-js/jax@0.1.25"] },
};

/**
 * Sets a peer up in a folder of its own, `.gradbook/peers/<name>`, unless it is there, and answers the side that runs it.
 * @throws RangeError for a peer that is not known, Error if its packages cannot be installed
 */
export async function peerSide(name: string, threads: number): Promise<Side> {
  if (!Object.hasOwn(peers, name))
    throw new RangeError(`bench: no peer "${name}"; known: ${Object.keys(peers).join(", ")}`);
  const { file } = peers[name];
  return new Side(name, [await programOf(name), fileURLToPath(new URL(file, import.meta.url)), `${threads}`]);
}

/** What runs a peer's file: a Python with its packages, or this Node, which finds them in the peer's folder. */
export async function programOf(name: string): Promise<string> {
  const { file, packages } = peers[name];
  if (file.endsWith(".py")) return pythonWith(`peers/${name}`, packages);
  await npmFolderWith(`peers/${name}`, packages);
  return process.execPath;
}
