"""
What a loop at the top of a cell costs over variables of an earlier cell, beside the same loop inside a function. After a
build: `.venv/bin/python test/bench/loop.py`. Medians over seven runs in one session, in milliseconds.
"""

import statistics
import tempfile
from pathlib import Path

from kernel import Peer, spec_of_gradbook

LOOP = "for (let i = 0; i < 5_000_000; i++) { total += step * i; count++; }"
RUNS = 7

FORMS = {
    "at the top of a cell": LOOP,
    "inside a function, the same variables": f"(() => {{ {LOOP} }})();",
    "inside a function, its own variables": f"(() => {{ let total = 0, step = 3, count = 0; {LOOP} return total + count; }})();",
}


def time_of(kernel, loop):
    done = kernel.run(f"began = performance.now(); {loop}; performance.now() - began")
    assert done.status == "ok", done.reply
    return float(done.text)


with tempfile.TemporaryDirectory() as folder:
    kernel = Peer("gradbook", spec_of_gradbook(), Path(folder))
    try:
        assert kernel.run("let total = 0, step = 3, count = 0, began = 0").status == "ok"
        times = {form: [] for form in FORMS}
        for _ in range(RUNS):
            for form, loop in FORMS.items():
                times[form].append(time_of(kernel, loop))
        assert kernel.run("count").text == str(2 * RUNS * 5_000_000)
        medians = {form: statistics.median(each) for form, each in times.items()}
        for form, median in medians.items():
            print(f"{form:40}{median:8.1f}{medians['at the top of a cell'] / median:8.2f}×")
    finally:
        kernel.stop()
