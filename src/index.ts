export { connectHost, jupyterDisplay } from "./util/host.ts";
export type { Displayable, DisplayHandle, Host, MimeBundle } from "./util/host.ts";
export * as random from "./random/index.ts";
