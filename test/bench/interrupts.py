"""Interrupts at random moments, over every kind of cell that the tests interrupt: what survived, and how soon."""

import random
import statistics
import time

from interrupt_cases import FOREVER, SLOW, interrupt_once

KINDS = {**FOREVER, **SLOW}
SEED = 6
# An interrupt comes so many seconds after the cell was heard of, at most.
LATEST = 0.06
SOON = 0.1


def run(start, count, only):
    """`start` starts a kernel. A line for each kind, and the exit code: 1 where anything was lost."""
    randomness = random.Random(SEED)
    kinds = [kind for kind in KINDS if only in kind]
    # Each kind as often as the others, in an order of chance: what one leaves behind meets every other.
    order = [kinds[at % len(kinds)] for at in range(count)]
    randomness.shuffle(order)
    times, lost = {kind: [] for kind in order}, {kind: 0 for kind in order}
    kernel = start()
    for at, kind in enumerate(order):
        delay = randomness.random() * LATEST
        try:
            times[kind].append(interrupt_once(kernel, KINDS[kind], at, lambda: time.sleep(delay)))
        except Exception as error:  # noqa: BLE001: whatever it is, it counts as lost
            lost[kind] += 1
            print(f"lost: {kind}, {delay * 1000:.0f} ms after it started: {type(error).__name__} {error}", flush=True)
            kernel.stop()
            kernel = start()
    kernel.stop()
    report(times, lost)
    return 1 if any(lost.values()) else 0


def report(times, lost):
    print("milliseconds from the interrupt until the cell was answered, and until the next cell was")
    print(f"{'':42}{'count':>6}{'whole':>6}{'median':>8}{'worst':>7}{'next, worst':>13}")
    for kind, each in sorted(times.items()):
        row = summary(each) if each else f"{'-':>8}{'-':>7}{'-':>13}"
        native = "  (within a call of V8's or Node's)" if kind in SLOW else ""
        print(f"{kind:42}{len(each) + lost[kind]:6}{len(each):6}{row}{native}")
    prompt = [one for kind, each in times.items() if kind not in SLOW for one in each]
    count, whole = sum(map(len, times.values())) + sum(lost.values()), sum(map(len, times.values()))
    print(f"{'all':42}{count:6}{whole:6}")
    if prompt:
        late = sum(one.next_cell > SOON for one in prompt)
        print(f"{'all outside native calls':42}{len(prompt):6}{'':6}{summary(prompt)}")
        print(f"of them with the next cell later than {SOON * 1000:.0f} ms: {late}")


def summary(each):
    ended = [one.ended * 1000 for one in each]
    following = [one.next_cell * 1000 for one in each]
    return f"{statistics.median(ended):8.0f}{max(ended):7.0f}{max(following):13.0f}"
