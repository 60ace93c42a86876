"""Batch normalization from PyTorch, three steps of training and one of use: for test/nn/batchNorm.test.ts.

    pip install torch==2.13.0 && python batchNorm.py      writes batchNorm.json beside this file
"""
import json
import pathlib
import platform

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def run(layer, shape, channels_last):
    """Channels come last in what is written; PyTorch wants them second."""
    first = lambda x: x.movedim(-1, 1) if channels_last else x
    with torch.no_grad():
        layer.weight.copy_(torch.linspace(0.5, 1.5, shape[-1]))
        layer.bias.copy_(torch.linspace(-0.25, 0.5, shape[-1]))
    steps = []
    for training in (True, True, True, False):
        layer.train(training)
        layer.zero_grad()
        x = (torch.randn(shape) * 2 + 0.7).requires_grad_()
        y = layer(first(x))
        y = y.movedim(1, -1) if channels_last else y
        upstream = torch.linspace(0.5, 1.5, y.numel()).reshape(y.shape)
        (y * upstream).sum().backward()
        steps.append({
            "training": training,
            "input": x.detach().flatten().tolist(),
            "output": y.detach().flatten().tolist(),
            "inputGradient": x.grad.flatten().tolist(),
            "weightGradient": layer.weight.grad.tolist(),
            "biasGradient": layer.bias.grad.tolist(),
            "runningMean": layer.running_mean.tolist(),
            "runningVariance": layer.running_var.tolist(),
        })
    return {"shape": list(shape), "steps": steps}


cases = {
    "BatchNorm1d": run(torch.nn.BatchNorm1d(3), (5, 3), False),
    "BatchNorm1d of sequences": run(torch.nn.BatchNorm1d(2), (3, 4, 2), True),
    "BatchNorm2d": run(torch.nn.BatchNorm2d(3, eps=0.1, momentum=0.3), (2, 3, 2, 3), True),
}
versions = {"torch": torch.__version__, "python": platform.python_version()}
path = pathlib.Path(__file__).with_name("batchNorm.json")
path.write_text(json.dumps({"versions": versions, "cases": cases}) + "\n")
