"""Golden values of tensor operations from PyTorch: values and gradients, for test/ops/golden.test.ts.

    pip install torch==2.13.0 && python ops.py      writes ops.json beside this file
"""
import json
import pathlib
import platform

import torch

torch.manual_seed(0)
x = torch.tensor([[0.5, -1.25, 2.0], [3.0, 0.25, -0.75]], dtype=torch.float64)
row = torch.tensor([1.5, -0.5, 0.75], dtype=torch.float64)
column = torch.tensor([[2.0], [-3.0]], dtype=torch.float64)
matrix = torch.tensor([[1.0, -2.0], [0.5, 0.25], [-1.5, 3.0]], dtype=torch.float64)
bias = torch.tensor([0.1, -0.2], dtype=torch.float64)
labels = torch.tensor([2, 0])
cube = torch.linspace(-1.5, 2.0, 24, dtype=torch.float64).reshape(2, 3, 4)
exponents = torch.tensor([2.0, 0.0, -1.5], dtype=torch.float64)

cases = {
    "add": (lambda a, b: a + b, [x, row]),
    "sub": (lambda a, b: a - b, [x, column]),
    "mul": (lambda a, b: a * b, [x, row]),
    "div": (lambda a, b: a / b, [x, column]),
    "maximum": (torch.maximum, [x, row]),
    "minimum": (torch.minimum, [x, row]),
    "neg": (torch.neg, [x]),
    "abs": (torch.abs, [x]),
    "exp": (torch.exp, [x]),
    "log": (torch.log, [x.abs()]),
    "log1p": (torch.log1p, [x.abs()]),
    "sqrt": (torch.sqrt, [x.abs()]),
    "relu": (torch.relu, [x]),
    "sigmoid": (torch.sigmoid, [x]),
    "tanh": (torch.tanh, [x]),
    "clamp": (lambda a: a.clamp(-0.75, 2.0), [x]),
    "softmax": (lambda a: a.softmax(-1), [x]),
    "logSoftmax": (lambda a: a.log_softmax(-1), [x]),
    "softmax0": (lambda a: a.softmax(0), [x]),
    "sum": (lambda a: a.sum(0), [x]),
    "mean": (lambda a: a.mean(1, keepdim=True), [x]),
    "max": (lambda a: a.amax(1), [x]),
    "min": (lambda a: a.amin(0), [x]),
    "matmul": (torch.matmul, [x, matrix]),
    "linear": (lambda a, w, b: a @ w + b, [x, matrix, bias]),
    "transpose": (lambda a: a.transpose(-1, -2), [x]),
    "permute": (lambda a: a.reshape(1, 2, 3).permute(2, 0, 1), [x]),
    "reshape": (lambda a: a.reshape(3, 2), [x]),
    "slice": (lambda a: a[:, 1:], [x]),
    "pow": (torch.pow, [x.abs(), exponents]),
    "powAtZero": (torch.pow, [torch.tensor([0.0, 0.0, 2.0]).double(), torch.tensor([2.0, 0.0, 0.0]).double()]),
    "square": (lambda a: a.pow(2), [x]),
    "cubeRootLike": (lambda a: a.pow(-1 / 3), [x.abs()]),
    "powNegative": (lambda a: a.pow(-3), [x]),
    "powZero": (lambda a: a.pow(0), [x]),
    "sin": (torch.sin, [x]),
    "cos": (torch.cos, [x]),
    "leakyRelu": (lambda a: torch.nn.functional.leaky_relu(a, 0.1), [x]),
    "softplus": (torch.nn.functional.softplus, [x]),
    "where": (lambda a, b: torch.where(a > 0.3, a, b), [x, row]),
    "variance": (lambda a: a.var(1), [x]),
    "varianceOfAll": (lambda a: a.var(), [x]),
    "populationVariance": (lambda a: a.var((0, 2), correction=0, keepdim=True), [cube]),
    "standardDeviation": (lambda a: a.std(1), [x]),
    "sumOfTwoAxes": (lambda a: a.sum((0, 2)), [cube]),
    "meanOfTwoAxes": (lambda a: a.mean((1, -1), keepdim=True), [cube]),
    "maxOfTwoAxes": (lambda a: a.amax((0, 1)), [cube]),
    "concat": (lambda a, b: torch.cat([a, b], 1), [x, column]),
    "stack": (lambda a, b: torch.stack([a, b], 1), [x, -x]),
    "pad": (lambda a: torch.nn.functional.pad(a, (1, 2, 0, 1), value=0.5), [x]),
    "flip": (lambda a: a.flip(0, 2), [cube]),
    "gather": (lambda a: a.gather(1, torch.tensor([[2, 0, 2, 1], [1, 1, 0, 0]])), [x]),
    "gatherRows": (lambda a: a.gather(0, torch.tensor([[1, 0]])), [x]),
    "expand": (lambda a: a.expand(4, -1, 3), [column]),
    "sliceWithStep": (lambda a: a[:, :, 1::2], [cube]),
    "softmaxCrossEntropy": (lambda a: torch.nn.functional.cross_entropy(a, labels, reduction="none"), [x]),
}

golden = {}
for name, (f, inputs) in cases.items():
    leaves = [tensor.clone().requires_grad_() for tensor in inputs]
    out = f(*leaves)
    # An upstream gradient that differs in every element, so that no term can hide.
    upstream = torch.linspace(0.5, 1.5, out.numel(), dtype=torch.float64).reshape(out.shape)
    out.backward(upstream)
    golden[name] = {
        "inputs": [tensor.tolist() for tensor in inputs],
        "upstream": upstream.tolist(),
        "output": out.tolist(),
        "gradients": [leaf.grad.tolist() for leaf in leaves],
    }

versions = {"torch": torch.__version__, "python": platform.python_version()}
path = pathlib.Path(__file__).with_name("ops.json")
path.write_text(json.dumps({"versions": versions, "cases": golden}) + "\n")
