"""Learning rates that PyTorch's ReduceLROnPlateau chooses, for test/train/reduceLearningRateOnPlateau.test.ts.

    pip install torch==2.13.0 numpy && python3 test/reference/plateau.py      writes plateau.json beside this file

PyTorch reduces after patience + 1 epochs without an improvement, gradbook after patience.
"""

import json
import pathlib

import numpy
import torch


def main():
    generator = numpy.random.default_rng(1)
    cases = []
    for mode, factor, patience, cooldown, minimum, threshold in (
        ("min", 0.5, 1, 0, 0.0, 0.0),
        ("min", 0.1, 3, 0, 0.0, 0.05),
        ("max", 0.5, 2, 3, 0.01, 0.02),
        ("min", 0.3, 2, 2, 0.1, 0.0),
    ):
        values = (1 / (1 + 0.1 * numpy.arange(40)) + generator.normal(scale=0.05, size=40)).round(4)
        values = values if mode == "min" else 1 - values
        weight = torch.zeros(1, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=1.0)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimizer,
            mode=mode,
            factor=factor,
            patience=patience - 1,
            threshold=threshold,
            threshold_mode="abs",
            cooldown=cooldown,
            min_lr=minimum,
            eps=0,
        )
        rates = []
        for value in values:
            scheduler.step(value)
            rates.append(optimizer.param_groups[0]["lr"])
        options = {"mode": mode, "factor": factor, "patience": patience, "cooldown": cooldown}
        cases.append(
            {
                "options": options | {"minimum": minimum, "minDelta": threshold},
                "values": values.tolist(),
                "rates": rates,
            }
        )
    golden = {"versions": {"torch": torch.__version__, "numpy": numpy.__version__}, "cases": cases}
    pathlib.Path(__file__).with_name("plateau.json").write_text(json.dumps(golden, indent=1) + "\n")


main()
