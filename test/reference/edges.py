"""Gradients where a function has a corner, a tie or no number, from PyTorch: for test/ops/edges.test.ts.

    pip install torch==2.13.0 && python edges.py      writes edges.json beside this file

Numbers stand as text, since JSON has neither NaN nor infinities.
"""
import json
import pathlib
import platform

import torch

nan, inf = float("nan"), float("inf")
x = [nan, -0.0, 0.0, 1.0, -1.0, 2.0, inf, -inf]
first = [nan, 1.0, 0.0, -0.0, 1.0, 2.0, inf, -inf]
second = [1.0, nan, -0.0, 0.0, 3.0, 2.0, inf, inf]

cases = {
    "relu": (torch.relu, [x]),
    "leakyRelu": (lambda a: torch.nn.functional.leaky_relu(a, 0.1), [x]),
    "abs": (torch.abs, [x[1:]]),
    "clamp": (lambda a: a.clamp(-1.0, 1.0), [x]),
    "maximum": (torch.maximum, [first, second]),
    "minimum": (torch.minimum, [first, second]),
    "max": (torch.max, [[1.0, 2.0, 2.0, -inf]]),
    "maxOfNaN": (torch.max, [[1.0, nan, 2.0, nan]]),
    "maxOfZeros": (torch.max, [[0.0, -0.0, -1.0]]),
    "maxOfInfinities": (torch.max, [[inf, -inf, inf]]),
    "min": (torch.min, [[1.0, 2.0, 1.0, inf]]),
    "minOfNaN": (torch.min, [[1.0, nan, 2.0, nan]]),
    "where": (lambda a, b: torch.where(a > 0.0, a, b), [first, second]),
}

text = lambda values: [str(value) for value in values.tolist()]


def result(function, inputs, upstream):
    leaves = [torch.tensor(values, dtype=torch.float64, requires_grad=True) for values in inputs]
    output = function(*leaves)
    output.backward(torch.full_like(output, upstream))
    return {"upstream": str(upstream), "gradients": [text(leaf.grad) for leaf in leaves]}


golden = {
    name: {
        "inputs": [text(torch.tensor(values)) for values in inputs],
        "results": [result(function, inputs, upstream) for upstream in (1.5, inf, nan)],
    }
    for name, (function, inputs) in cases.items()
}
versions = {"torch": torch.__version__, "python": platform.python_version()}
path = pathlib.Path(__file__).with_name("edges.json")
path.write_text(json.dumps({"versions": versions, "cases": golden}) + "\n")
