/**
 * Async hooks that cells enable. Node counts what it calls them for, and ends the process when a termination has left
 * its stack of async contexts unbalanced while hooks are counted. So they count for nothing from before a termination
 * until that stack has been put right, and are counted anew afterwards: Node's own `disable` is not heeded while hooks
 * are being called, and never again once a termination has struck such a call.
 */
import asyncHooks, { type AsyncHook, type HookCallbacks } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import { withClosures } from "./closures.ts";

/** Node's own, taken before cells' timers are tracked. */
const { setImmediate: nextTurn, clearImmediate: cancelTurn } = globalThis;

const kinds = ["init", "before", "after", "destroy", "promiseResolve"] as const;

type Callback = (this: unknown, ...values: unknown[]) => unknown;
type Switch = (this: AsyncHook) => AsyncHook;

export interface HookSwitch {
  /**
   * Has Node call no hook from now on. Whether it may be terminated: not while it switches hooks, which ends soon, and
   * for the `patient` not while it calls one, which may never end.
   */
  suspend(patient: boolean): boolean;
  /** On again, once the exception that puts Node's stack right has been thrown; but for a hook that was terminated. */
  resume(): void;
}

/** @param report where errors go that a hook throws: Node would end the process */
export function installHookSwitch(report: (error: unknown) => void): HookSwitch {
  const create = asyncHooks.createHook;
  const prototype = Object.getPrototypeOf(create({})) as { enable: Switch; disable: Switch };
  const own = { enable: prototype.enable, disable: prototype.disable };
  /** Hooks that are being called, the innermost last. */
  let calling: AsyncHook[] = [];
  let isSwitching = false;
  let isSuspended = false;
  let bookkeeping: Bookkeeping | undefined;
  let resumption: NodeJS.Immediate | undefined;
  /** What was asked for while hooks were suspended. */
  const wanted = new Map<AsyncHook, "enable" | "disable">();

  asyncHooks.createHook = (callbacks) => {
    const guarded: HookCallbacks = { ...callbacks };
    for (const kind of kinds) {
      const callback = callbacks[kind] as Callback | undefined;
      if (typeof callback !== "function") continue;
      guarded[kind] = function (this: unknown, ...values: unknown[]) {
        calling.push(hook);
        try {
          callback.apply(this, values);
        } catch (error) {
          hook.disable();
          report(error);
        } finally {
          calling.pop();
        }
      };
    }
    const hook = create(guarded);
    return hook;
  };
  syncBuiltinESMExports();

  const whileSwitching = (change: () => void): void => {
    isSwitching = true;
    try {
      change();
    } finally {
      isSwitching = false;
    }
  };
  for (const how of ["enable", "disable"] as const)
    prototype[how] = function () {
      if (isSuspended) wanted.set(this, how);
      else
        whileSwitching(() => {
          bookkeeping ??= findBookkeeping(own.enable);
          own[how].call(this);
        });
      return this;
    };

  return {
    suspend(patient) {
      if (resumption) cancelTurn(resumption);
      isSuspended = true;
      bookkeeping?.clear();
      return !isSwitching && !(patient && calling.length > 0);
    },
    resume() {
      resumption = nextTurn(() => {
        isSuspended = false;
        const terminated = new Set(calling);
        calling = [];
        for (const hook of bookkeeping?.takeAll() ?? []) if (!terminated.has(hook)) hook.enable();
        for (const [hook, how] of wanted) hook[how]();
        wanted.clear();
        if (terminated.size > 0) report(new TerminatedHookError());
      });
    },
  };
}

class TerminatedHookError extends Error {
  override name = "TerminatedHookError";
  constructor() {
    super(
      "an async hook was interrupted while it was called, and has been disabled; its enable() puts it back to work",
    );
  }
}

interface Bookkeeping {
  /** Node calls no hook any more, and does not check its stack. */
  clear(): void;
  /** As if no hook had ever been enabled. Returns those that were. */
  takeAll(): AsyncHook[];
}

/** Node's names. A change that is made while hooks are called goes to the `tmp_` ones, which count after the call. */
interface ActiveHooks {
  array: AsyncHook[];
  call_depth: number;
  tmp_array: AsyncHook[] | null;
  tmp_fields: number[] | null;
}

/** What Node counts: the hooks of each kind and in all, and who wants its stack checked. */
const counted = ["kInit", "kBefore", "kAfter", "kDestroy", "kPromiseResolve", "kTotals", "kCheck"];

function findBookkeeping(enable: Switch): Bookkeeping {
  const { active, counts, indices } = readBookkeeping(enable);
  const clear = (): void => {
    for (const index of indices) {
      counts[index] = 0;
      if (active.tmp_fields) active.tmp_fields[index] = 0;
    }
  };
  return {
    clear,
    takeAll() {
      clear();
      const hooks = active.tmp_array ?? active.array;
      Object.assign(active, {
        array: [],
        call_depth: 0,
        tmp_array: null,
        tmp_fields: null,
      } satisfies ActiveHooks);
      return hooks;
    },
  };
}

function readBookkeeping(enable: Switch): { active: ActiveHooks; counts: Uint32Array; indices: number[] } {
  try {
    return withClosures((look) => {
      const getHookArrays = look(enable, "getHookArrays") as () => unknown;
      return {
        active: look(getHookArrays, "active_hooks") as ActiveHooks,
        counts: look(getHookArrays, "async_hook_fields") as Uint32Array,
        indices: counted.map((name) => look(name === "kTotals" ? enable : getHookArrays, name) as number),
      };
    });
  } catch (cause) {
    throw new Error(
      `AsyncHook.enable: Node ${process.version} does not show where it counts hooks, and an interrupt might end the ` +
        "kernel. Use the Node that is installed with gradbook, or do without async hooks",
      { cause },
    );
  }
}
