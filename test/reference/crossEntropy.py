"""Golden values of cross-entropy and its gradient, from PyTorch in float64.

Run: pip install torch==2.13.0 numpy && python3 test/reference/crossEntropy.py   writes crossEntropy.json.
"""

import json
import pathlib

import numpy
import torch


def main():
    generator = numpy.random.default_rng(7)
    logits = generator.normal(scale=3, size=(5, 4)).round(4)
    logits[4] = [1000, -1000, 0, 999]  # extremes
    labels = [2, 0, 3, 1, 3]
    probabilities = generator.dirichlet(numpy.ones(4), size=5)
    cases = []
    ignoring = [labels[0], -100, labels[2], -100, labels[4]]
    targets = {"indices": labels, "ignoring": ignoring, "probabilities": probabilities}
    for kind, target in targets.items():
        target = torch.tensor(target)
        for reduction in ("mean", "sum", "none"):
            z = torch.tensor(logits, requires_grad=True)
            loss = torch.nn.functional.cross_entropy(z, target, reduction=reduction)
            loss.sum().backward()
            cases.append(
                {
                    "kind": kind,
                    "reduction": reduction,
                    "loss": loss.detach().flatten().tolist(),
                    "gradient": z.grad.tolist(),
                }
            )
    golden = {
        "versions": {"torch": torch.__version__, "numpy": numpy.__version__},
        "logits": logits.tolist(),
        "indices": labels,
        "ignoring": ignoring,
        "probabilities": probabilities.tolist(),
        "cases": cases,
    }
    path = pathlib.Path(__file__).with_name("crossEntropy.json")
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
