/** `name?` asks what a name is, as in IPython; `name??` for its code as well. Neither is TypeScript. */
import type { DetailLevel } from "./inspection.ts";

export interface HelpRequest {
  name: string;
  level: DetailLevel;
}

export function helpRequest(code: string): HelpRequest | undefined {
  const [, before = "", name = "", after = ""] = /^\s*(\?{0,2})([\w$.]+)(\?{0,2})\s*;?\s*$/.exec(code) ?? [];
  const marks = Math.max(before.length, after.length);
  return marks > 0 && !name.endsWith(".") ? { name, level: marks === 2 ? 1 : 0 } : undefined;
}
