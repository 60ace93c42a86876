"""Golden values of the regression losses and their gradients, from PyTorch in float64, for test/losses/.

    pip install torch==2.13.0 numpy && python3 test/reference/losses.py      writes losses.json beside this file
"""

import json
import pathlib

import numpy
import torch
from torch.nn import functional

REDUCTIONS = ("mean", "sum", "none")


def case(loss, prediction, target, **options):
    """Value and gradient, under an upstream gradient that differs in every element, so that no term can hide."""
    x = torch.tensor(prediction, dtype=torch.float64, requires_grad=True)
    value = loss(x, torch.tensor(target, dtype=torch.float64))
    upstream = torch.linspace(0.5, 1.5, value.numel(), dtype=torch.float64).reshape(value.shape)
    value.backward(upstream)
    return {
        "prediction": prediction,
        "target": target,
        **options,
        "value": value.tolist(),
        "upstream": upstream.tolist(),
        "gradient": x.grad.tolist(),
    }


def regression(loss, pairs, **options):
    return [
        case(lambda x, y: loss(x, y, reduction=reduction), x, y, reduction=reduction, **options)
        for x, y in pairs
        for reduction in REDUCTIONS
    ]


def main():
    generator = numpy.random.default_rng(3)
    shapes = ([7], [3, 4], [2, 3, 2])
    pairs = [tuple(generator.normal(scale=2, size=shape).round(4).tolist() for _ in range(2)) for shape in shapes]
    pairs.append(([1000.0, -1000.0, 0.0, 5.0], [-1000.0, -1000.0, 0.0, 5.0]))
    golden = {
        "versions": {"torch": torch.__version__, "numpy": numpy.__version__},
        "squared": regression(functional.mse_loss, pairs),
    }
    path = pathlib.Path(__file__).with_name("losses.json")
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
