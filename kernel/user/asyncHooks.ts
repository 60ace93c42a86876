/**
 * Async hooks that cells enable. Node ends the process when a termination leaves their bookkeeping unbalanced, so
 * they are off while one is under way. Node sees one hook that calls all of theirs: several that are switched while it
 * calls them, it would count wrongly.
 */
import asyncHooks, { AsyncResource, type AsyncHook, type HookCallbacks } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";

/** Node's own, taken before cells' timers are tracked. */
const nextTurn = setImmediate;

const kinds = ["init", "before", "after", "destroy", "promiseResolve"] as const;

export interface HookSwitch {
  /**
   * Whether they are off. While Node is calling hooks it does not heed a change, and must not be terminated; once it has
   * called them it does, so that asking again succeeds.
   */
  suspend(): boolean;
  /** Two turns later, when what was terminated has left the stack for certain. */
  resume(): void;
}

export function installHookSwitch(): HookSwitch {
  const create = asyncHooks.createHook;
  const enabled = new Map<AsyncHook, HookCallbacks>();
  const callEach = (kind: (typeof kinds)[number]) => {
    return (...values: unknown[]): void => {
      for (const callbacks of enabled.values())
        (callbacks[kind] as ((...values: unknown[]) => void) | undefined)?.(...values);
    };
  };
  const all = create(Object.fromEntries(kinds.map((kind) => [kind, callEach(kind)])));
  let isUsed = false;
  let isSuspended = false;

  asyncHooks.createHook = (callbacks) => {
    // Never enabled: it refuses what is no callback.
    create(callbacks);
    const hook: AsyncHook = {
      enable() {
        enabled.set(hook, callbacks);
        isUsed = true;
        if (!isSuspended) all.enable();
        return hook;
      },
      disable() {
        enabled.delete(hook);
        if (enabled.size === 0) all.disable();
        return hook;
      },
    };
    return hook;
  };
  syncBuiltinESMExports();

  let heeded = false;
  const probe = create({ init: () => void (heeded = true) });
  /** Switching a hook also lets Node count them anew: what is switched off while it calls hooks, it goes on counting. */
  const toggleProbe = (between: () => void): void => {
    probe.enable();
    between();
    probe.disable();
  };
  const isHeeded = (): boolean => {
    heeded = false;
    toggleProbe(() => new AsyncResource("probe"));
    // What was switched while it called hooks, Node may have taken over only now, after the count.
    toggleProbe(() => {});
    return heeded;
  };

  return {
    suspend() {
      isSuspended = true;
      all.disable();
      return !isUsed || isHeeded();
    },
    resume() {
      nextTurn(() =>
        nextTurn(() => {
          isSuspended = false;
          if (enabled.size > 0) all.enable();
        }),
      );
    },
  };
}
