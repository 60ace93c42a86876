/** Our side of the benchmark, a process that side.ts talks to. */
import { serve } from "./serve.ts";
import { prepare } from "./tasks.ts";

await serve(prepare);
