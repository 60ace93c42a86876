"""A Python peer's side of the talk with side.ts; the same as serve.ts and measure.ts are for JavaScript."""
import json
import sys
import time

CHUNK_SECONDS = 0.03
WARM_UP_SECONDS = 0.1


def repeat(step, seconds):
    """Steps a second over about so many seconds."""
    start = time.perf_counter()
    steps = 0
    while steps == 0 or time.perf_counter() - start < seconds:
        step()
        steps += 1
    return steps / (time.perf_counter() - start)


def measure(step, seconds):
    repeat(step, WARM_UP_SECONDS)
    rates = []
    end = time.perf_counter() + seconds
    while not rates or time.perf_counter() < end:
        rates.append(repeat(step, CHUNK_SECONDS))
    rates.sort()
    return {"steps_per_s": rates[len(rates) // 2], "best": rates[-1]}


def serve(tasks):
    """Answer each line `<task> <seconds>`; `tasks` maps a name to a function that prepares it and gives its step."""
    prepared = {}
    for line in sys.stdin:
        name, seconds = line.split()
        if name not in tasks:
            answer = {"error": "not among its tasks"}
        else:
            if name not in prepared:
                prepared[name] = tasks[name]()
            answer = measure(prepared[name], float(seconds))
        print(json.dumps(answer), flush=True)
