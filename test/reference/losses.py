"""Golden values of the losses and their gradients, from PyTorch in float64, for test/losses/.

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


def binary(generator):
    """±1000 among the logits, soft labels among the hard ones."""
    logits = generator.normal(scale=4, size=(4, 3)).round(4)
    logits[3] = [1000, -1000, 0]
    labels = (generator.random(size=(4, 3)) < 0.5).astype(float)
    labels[2] = [0.25, 0.5, 0.9]
    labels[3] = [1, 0, 1]
    cases = []
    for weight in (None, 3.0, [0.5, 1.0, 4.0]):
        pos_weight = None if weight is None else torch.tensor(weight, dtype=torch.float64)
        for reduction in REDUCTIONS:
            loss = lambda z, y: functional.binary_cross_entropy_with_logits(
                z, y, reduction=reduction, pos_weight=pos_weight
            )
            cases.append(case(loss, logits.tolist(), labels.tolist(), reduction=reduction, positiveWeight=weight))
    return cases


def multiclass(generator):
    logits = generator.normal(scale=3, size=(6, 3)).round(4).tolist()
    weights = [0.5, 2.0, 0.25]
    indices = [2, 0, 1, 1, 0, 2]
    probabilities = generator.dirichlet(numpy.ones(3), size=6).tolist()
    cases = []
    for kind, target in (("indices", indices), ("probabilities", probabilities)):
        for reduction in REDUCTIONS:
            loss = lambda z, y: functional.cross_entropy(
                z,
                y.long() if kind == "indices" else y,
                reduction=reduction,
                weight=torch.tensor(weights, dtype=torch.float64),
            )
            cases.append(case(loss, logits, target, kind=kind, reduction=reduction, classWeights=weights))
    return cases


def main():
    generator = numpy.random.default_rng(3)
    shapes = ([7], [3, 4], [2, 3, 2])
    pairs = [tuple(generator.normal(scale=2, size=shape).round(4).tolist() for _ in range(2)) for shape in shapes]
    pairs.append(([1000.0, -1000.0, 0.0, 5.0], [-1000.0, -1000.0, 0.0, 5.0]))
    positive = [tuple(generator.exponential(scale=20, size=(2, 5)).round(4).tolist() for _ in range(2))]
    positive.append(([0.0, 1e-6, -0.5, 1e9], [-0.9, 0.0, 3.0, 1e-7]))
    deltas = (1.0, 0.4, 3.0)
    golden = {
        "versions": {"torch": torch.__version__, "numpy": numpy.__version__},
        "squared": regression(functional.mse_loss, pairs),
        "absolute": regression(functional.l1_loss, pairs),
        # PyTorch has none; its equation, from PyTorch's operations.
        "squaredLogarithmic": regression(
            lambda x, y, reduction: functional.mse_loss(torch.log1p(x), torch.log1p(y), reduction=reduction), positive
        ),
        "huber": [
            golden
            for delta in deltas
            for golden in regression(
                lambda x, y, reduction: functional.huber_loss(x, y, reduction=reduction, delta=delta), pairs, delta=delta
            )
        ],
        "binaryCrossEntropy": binary(generator),
        "weightedCrossEntropy": multiclass(generator),
    }
    path = pathlib.Path(__file__).with_name("losses.json")
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
