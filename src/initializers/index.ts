export { constant } from "./constant.ts";
export { fans } from "./fans.ts";
export { heNormal, heUniform } from "./he.ts";
export type { Fans, Initializer } from "./initializer.ts";
export { lecunNormal, lecunUniform } from "./lecun.ts";
export { normal } from "./normal.ts";
export { orthogonal } from "./orthogonal.ts";
export { xavierNormal, xavierUniform } from "./xavier.ts";
export { zeros } from "./zeros.ts";
