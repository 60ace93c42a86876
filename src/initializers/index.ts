export type { Fans, Initializer } from "./initializer.ts";
export { lecunUniform } from "./lecunUniform.ts";
export { zeros } from "./zeros.ts";
