export { connectHost, jupyterDisplay } from "./util/host.ts";
export type { Displayable, DisplayHandle, Host, MimeBundle } from "./util/host.ts";
