"""Golden values of convolution, transposed convolution and pooling from PyTorch, for test/nn/convolution.test.ts.

    pip install torch==2.13.0 && python convolution.py      writes convolution.json beside this file

PyTorch keeps images as [N, C, H, W], convolution weights as [O, C, H, W] and transposed ones as [C, O, H, W]; here
everything is turned to [N, H, W, C] and [O, H, W, C].
"""
import json
import pathlib
import platform

import torch
from torch.nn import functional as F

torch.manual_seed(0)


def normal(*shape):
    return torch.randn(*shape, dtype=torch.float64).mul(100).round().div(100)


def images_last(x):
    return x.permute(0, 2, 3, 1)


def images_first(x):
    return x.permute(0, 3, 1, 2)


def turned(x, weight_of):
    """A weight [O, H, W, C] as PyTorch wants it."""
    return x.permute(0, 3, 1, 2) if weight_of == "Conv2d" else x.permute(3, 0, 1, 2)


def convolution(layer, images, outputs, kernel, options):
    f = F.conv2d if layer == "Conv2d" else F.conv_transpose2d
    names = {"stride": "stride", "padding": "padding", "outputPadding": "output_padding"}
    arguments = {names[name]: value for name, value in options.items()}
    inputs = [normal(*images), normal(outputs, *kernel, images[3]), normal(outputs)]
    run = lambda x, w, b: images_last(f(images_first(x), turned(w, layer), b, **arguments))
    return {"layer": layer, "kernel": kernel, "options": options}, run, inputs


def pooling(layer, images, size, options):
    stride, padding = options.get("stride", size), options.get("padding", 0)
    area = torch.tensor(size).prod() if isinstance(size, list) else size * size
    functions = {
        "MaxPool2d": lambda x: F.max_pool2d(x, size, stride, padding),
        "AveragePool2d": lambda x: F.avg_pool2d(x, size, stride, padding),
        "SumPool2d": lambda x: F.avg_pool2d(x, size, stride, padding) * area,
    }
    # Small whole numbers, so that maxima are reached more than once.
    x = torch.randint(-3, 4, images).double()
    run = lambda x: images_last(functions[layer](images_first(x)))
    return {"layer": layer, "kernel": size, "options": options}, run, [x]


cases = [
    convolution("Conv2d", [2, 5, 6, 3], 4, [3, 2], {}),
    convolution("Conv2d", [1, 6, 7, 1], 2, [3, 3], {"padding": 1}),
    convolution("Conv2d", [2, 7, 6, 2], 3, [2, 3], {"stride": [2, 3], "padding": [0, 1]}),
    convolution("Conv2d", [2, 4, 4, 5], 3, [1, 1], {"stride": 2}),
    convolution("ConvTranspose2d", [2, 3, 4, 3], 2, [3, 2], {}),
    convolution("ConvTranspose2d", [1, 4, 3, 2], 3, [4, 4], {"stride": 2, "padding": 1}),
    convolution("ConvTranspose2d", [2, 3, 2, 2], 1, [3, 3], {"stride": [2, 3], "padding": [1, 0], "outputPadding": [1, 2]}),
    convolution("ConvTranspose2d", [1, 2, 3, 3], 2, [2, 1], {"stride": 3, "outputPadding": [0, 1]}),
]
for layer in ("MaxPool2d", "AveragePool2d", "SumPool2d"):
    cases += [
        pooling(layer, [2, 4, 6, 3], 2, {}),
        pooling(layer, [2, 5, 7, 2], 3, {"stride": 2, "padding": 1}),
        pooling(layer, [1, 5, 4, 1], [2, 3], {"stride": [1, 2], "padding": [1, 0]}),
    ]

golden = []
for description, run, inputs in cases:
    leaves = [tensor.clone().requires_grad_() for tensor in inputs]
    out = run(*leaves)
    # An upstream gradient that differs in every element, so that no term can hide.
    upstream = torch.linspace(0.5, 1.5, out.numel(), dtype=torch.float64).reshape(out.shape)
    out.backward(upstream)
    golden.append(
        {
            **description,
            "inputs": [tensor.tolist() for tensor in inputs],
            "upstream": upstream.tolist(),
            "output": out.tolist(),
            "gradients": [leaf.grad.tolist() for leaf in leaves],
        }
    )

versions = {"torch": torch.__version__, "python": platform.python_version()}
path = pathlib.Path(__file__).with_name("convolution.json")
path.write_text(json.dumps({"versions": versions, "cases": golden}) + "\n")
