/**
 * Immediates that outlive a termination. Node runs those of a turn from a list, and steps on in a `finally`, which a
 * termination passes by: the rest of the list is lost if it strikes the first, and if it strikes another one, Node
 * meets that again, fails, and tries for ever. So what Node reads and writes of them is watched, and put right.
 */

/** Node's names. */
interface NodesImmediate {
  _idleNext: NodesImmediate | null;
  _idlePrev: NodesImmediate | null;
  /** Undefined once it has run, or has been cleared. */
  _onImmediate: (() => void) | undefined;
  /** It has begun to run, or has been cleared. */
  _destroyed: boolean;
  unref(): void;
}

export interface ImmediateGuard {
  /** Put back the immediates that were lost in this way. Not while one runs. */
  restore(): void;
  /** If this is Node's failure at a terminated immediate, have Node go on with the next one. Answers whether it is. */
  heal(failure: unknown): boolean;
}

/** Node's own, taken before cells' timers are tracked. */
const { setImmediate, clearImmediate } = globalThis;
const nothing = (): void => {};
const enqueue = (): NodesImmediate => setImmediate(nothing) as unknown as NodesImmediate;
const clear = (immediate: NodesImmediate): void => clearImmediate(immediate as unknown as NodeJS.Immediate);

const isDestroyed = Symbol("destroyed");
const callback = Symbol("callback");
type Watched = NodesImmediate & { [isDestroyed]: boolean; [callback]: (() => void) | undefined };

export function installImmediateGuard(): ImmediateGuard {
  let running: NodesImmediate | undefined;
  /** The one of which Node last asked whether it is destroyed. */
  let examined: NodesImmediate | undefined;
  const examine = (immediate: NodesImmediate): void => void (examined = immediate);
  const run = (immediate: NodesImmediate): void => void (running = immediate);

  const sample = enqueue();
  clear(sample);
  Object.defineProperties(Object.getPrototypeOf(sample), {
    _destroyed: {
      configurable: true,
      get(this: Watched) {
        examine(this);
        return this[isDestroyed];
      },
      set(this: Watched, value: boolean) {
        this[isDestroyed] = value;
      },
    },
    _onImmediate: {
      configurable: true,
      get(this: Watched) {
        // To clear one, Node reads this before it destroys it; to run it, after.
        if (this[isDestroyed] && this[callback]) run(this);
        return this[callback];
      },
      set(this: Watched, value: (() => void) | undefined) {
        this[callback] = value;
        if (running === this) running = undefined;
      },
    },
  });

  return {
    restore() {
      const terminated = running;
      if (!terminated) return;
      terminated._onImmediate = undefined;
      if (terminated._idleNext) splice(enqueue(), terminated._idleNext, enqueue());
    },
    heal(failure) {
      const terminated = examined;
      const isNodes = failure instanceof TypeError && failure.message.includes("'_idleNext'");
      if (!isNodes || !terminated?._destroyed || !terminated._onImmediate) return false;
      countOneMore();
      terminated._onImmediate = nothing;
      terminated._destroyed = false;
      return true;
    },
  };
}

/** Between `first` and `last`, which are the last two of Node's queue, put the list from `rest` on. */
function splice(first: NodesImmediate, rest: NodesImmediate, last: NodesImmediate): void {
  let end = first;
  for (let each: NodesImmediate | null = rest, next; each; each = next) {
    next = each._idleNext;
    // Met again, one that is cleared but linked would be met for ever.
    if (each._destroyed) continue;
    link(end, each);
    end = each;
  }
  link(end, last);
}

function link(immediate: NodesImmediate, next: NodesImmediate): void {
  immediate._idleNext = next;
  next._idlePrev = immediate;
}

/** Node counts what it has yet to run, and would not look for the last one if it had counted another one twice. */
function countOneMore(): void {
  const [first, dropped, last] = [enqueue(), enqueue(), enqueue()];
  dropped.unref();
  link(first, last);
  clear(first);
  clear(last);
}
