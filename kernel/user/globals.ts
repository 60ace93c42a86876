/** Types of the names that cells have besides the package's own, as completion and inspection show them. */
import type { Comms } from "./comm.ts";
import type { Displays } from "./display.ts";
import type { Prompt } from "./prompt.ts";

export declare const display: Displays["display"];
export declare const clearOutput: Displays["clearOutput"];
export declare const prompt: Prompt;
export declare const comm: Comms;
