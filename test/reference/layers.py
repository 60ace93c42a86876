"""Golden values of the plain layers from PyTorch's modules in float64: output, input gradient and gradients of the
parameters, for test/nn/golden.test.ts.

    pip install torch==2.13.0 && python layers.py      writes layers.json beside this file

Convolutions, pooling, batch normalization and recurrence have files of their own; here they stand in whole networks.
"""
import json
import pathlib
import platform

import torch
from torch import nn

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


def normal(*shape):
    return torch.randn(*shape).mul(100).round().div(100)


def linear(inputs, outputs, bias=True):
    """Our weights are [in, out], hence what is written is turned."""
    layer = nn.Linear(inputs, outputs, bias=bias)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(normal(*parameter.shape))
    return layer


def embedding(count, size):
    layer = nn.Embedding(count, size)
    with torch.no_grad():
        layer.weight.copy_(normal(count, size))
    return layer


def convolution(inputs, outputs, kernel, **options):
    """Our weights are [out, height, width, in]."""
    layer = nn.Conv2d(inputs, outputs, kernel, **options)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(normal(*parameter.shape))
    return layer


def batch_norm(layer):
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(normal(*parameter.shape))
    return layer


class Turned(nn.Module):
    """Between images with their channels last, as ours, and second, as PyTorch's."""

    def __init__(self, *axes):
        super().__init__()
        self.axes = axes

    def forward(self, x):
        return x.permute(self.axes)


def indices(count, *shape):
    """Some rows are read often and some never."""
    return torch.randint(0, count - 1, shape)


# Beyond ±20 every saturating function is flat, and at 0 the kinks are.
wide = torch.tensor([[-30.0, -2.5, -0.5, 0.0], [0.75, 1.5, 4.0, 25.0]])
cases = {
    "Linear(3, 2)": (linear(3, 2), [normal(4, 3)]),
    "Linear(1, 1)": (linear(1, 1), [normal(1, 1)]),
    "Linear(5, 17) without bias": (linear(5, 17, bias=False), [normal(3, 5)]),
    "Linear(70, 33)": (linear(70, 33), [normal(9, 70)]),
    "Embedding(7, 3) of a vector": (embedding(7, 3), [indices(7, 12)]),
    "Embedding(5, 4) of a matrix": (embedding(5, 4), [indices(5, 3, 6)]),
    "Flatten": (nn.Flatten(), [normal(2, 3, 2, 2)]),
    "ReLU": (nn.ReLU(), [wide]),
    "LeakyReLU(0.2)": (nn.LeakyReLU(0.2), [wide]),
    "Sigmoid": (nn.Sigmoid(), [wide]),
    "Tanh": (nn.Tanh(), [wide]),
    "Softmax": (nn.Softmax(-1), [normal(3, 5)]),
    "Softmax(1) of three axes": (nn.Softmax(1), [normal(2, 4, 3)]),
    "Sequential with ReLU": (nn.Sequential(linear(4, 6), nn.ReLU(), linear(6, 3)), [normal(5, 4)]),
    "Sequential with Sigmoid and Tanh": (
        nn.Sequential(linear(4, 6), nn.Sigmoid(), linear(6, 5), nn.Tanh(), linear(5, 2)),
        [normal(5, 4)],
    ),
    "Sequential with BatchNorm before ReLU": (
        nn.Sequential(linear(4, 6, bias=False), batch_norm(nn.BatchNorm1d(6)), nn.ReLU(), linear(6, 3)),
        [normal(5, 4)],
    ),
    "Sequential with BatchNorm behind Sigmoid": (
        nn.Sequential(linear(4, 6), nn.Sigmoid(), batch_norm(nn.BatchNorm1d(6)), linear(6, 3)),
        [normal(5, 4)],
    ),
    # Convolution, normalization, nonlinearity, pooling, again, and dense layers at the end.
    "Sequential of the classic topology": (
        nn.Sequential(
            Turned(0, 3, 1, 2),
            convolution(2, 4, 3, padding=1, bias=False),
            batch_norm(nn.BatchNorm2d(4)),
            nn.ReLU(),
            nn.MaxPool2d(2),
            convolution(4, 3, (2, 3)),
            nn.LeakyReLU(0.1),
            nn.AvgPool2d(2, stride=1),
            Turned(0, 2, 3, 1),
            nn.Flatten(),
            linear(12, 5),
            nn.Tanh(),
            linear(5, 3),
        ),
        [normal(3, 8, 10, 2)],
    ),
}


def parameters(layer, of):
    """Values or gradients, with the weights of Linear and Conv2d turned, in the order of our parameters."""
    found = []
    for module in layer.modules():
        for parameter in module.parameters(recurse=False):
            tensor = of(parameter)
            if tensor.dim() == 2 and isinstance(module, nn.Linear):
                tensor = tensor.T
            if tensor.dim() == 4:
                tensor = tensor.permute(0, 2, 3, 1)
            found.append(tensor.tolist())
    return found


golden = {}
for name, (layer, [given]) in cases.items():
    x = given.clone().requires_grad_(given.is_floating_point())
    out = layer(x)
    # An upstream gradient that differs in every element, so that no term can hide.
    upstream = torch.linspace(0.5, 1.5, out.numel()).reshape(out.shape)
    out.backward(upstream) if out.requires_grad else None
    golden[name] = {
        "input": given.tolist(),
        "parameters": parameters(layer, lambda parameter: parameter.detach()),
        "output": out.tolist(),
        "inputGradient": x.grad.tolist() if x.grad is not None else None,
        "gradients": parameters(layer, lambda parameter: parameter.grad),
    }

versions = {"torch": torch.__version__, "python": platform.python_version()}
path = pathlib.Path(__file__).with_name("layers.json")
path.write_text(json.dumps({"versions": versions, "cases": golden}) + "\n")
