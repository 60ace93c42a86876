/**
 * Async hooks that cells enable. Node ends the process when a termination leaves their bookkeeping unbalanced, so
 * they are off while one is under way.
 */
import asyncHooks, { AsyncResource, type AsyncHook, type HookCallbacks } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";

/** Node's own, taken before cells' timers are tracked. */
const nextTurn = setImmediate;

export interface HookSwitch {
  /**
   * False while Node is calling hooks: it heeds no change until it has called them all, and must not be terminated
   * there.
   */
  suspend(): boolean;
  /** Two turns later, when what was terminated has left the stack for certain. */
  resume(): void;
}

export function installHookSwitch(): HookSwitch {
  const enabled = new Set<{ on(): void; off(): void }>();
  const create = asyncHooks.createHook;
  asyncHooks.createHook = (callbacks: HookCallbacks): AsyncHook => {
    const hook = create(callbacks);
    const { enable, disable } = hook;
    const lever = { on: () => void enable.call(hook), off: () => void disable.call(hook) };
    hook.enable = () => {
      enabled.add(lever);
      return enable.call(hook);
    };
    hook.disable = () => {
      enabled.delete(lever);
      return disable.call(hook);
    };
    return hook;
  };
  syncBuiltinESMExports();

  let heeded = false;
  const probe = create({ init: () => void (heeded = true) });
  const isHeeded = (): boolean => {
    heeded = false;
    probe.enable();
    new AsyncResource("probe");
    probe.disable();
    return heeded;
  };

  return {
    suspend() {
      if (enabled.size === 0) return true;
      if (!isHeeded()) return false;
      enabled.forEach(({ off }) => off());
      return true;
    },
    resume: () => nextTurn(() => nextTurn(() => enabled.forEach(({ on }) => on()))),
  };
}
