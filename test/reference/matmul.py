"""Golden values of matrix products with vectors and leading axes, and of a linear layer with its activation, in float64:
results and every gradient, for test/tensor/matmul.test.ts.

    pip install torch==2.13.0 && python matmul.py      writes matmul.json beside this file
"""
import json
import pathlib
import platform

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)

PRODUCTS = [
    [[3], [3]],
    [[3], [3, 2]],
    [[4, 3], [3]],
    [[3], [2, 3, 4]],
    [[2, 4, 3], [3]],
    [[2, 3, 4], [4, 2]],
    [[3, 4], [2, 4, 2]],
    [[2, 3, 4], [2, 4, 2]],
    [[2, 1, 3, 4], [3, 4, 2]],
    [[1, 2, 2], [3, 2, 1]],
]
ACTIVATIONS = {"none": lambda z: z, "relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}


def golden(f, inputs):
    leaves = [tensor.clone().requires_grad_() for tensor in inputs]
    out = f(*leaves)
    # An upstream gradient that differs in every element, so that no term can hide.
    upstream = torch.linspace(0.5, 1.5, out.numel()).reshape(out.shape)
    out.backward(upstream)
    return {
        "inputs": [tensor.tolist() for tensor in inputs],
        "upstream": upstream.tolist(),
        "output": out.tolist(),
        "gradients": [leaf.grad.tolist() for leaf in leaves],
    }


products = {}
for shapes in PRODUCTS:
    products[" @ ".join(str(shape) for shape in shapes)] = golden(torch.matmul, [torch.randn(shape) for shape in shapes])
layers = {}
for name, activation in ACTIVATIONS.items():
    inputs = [torch.randn(shape) for shape in ([3, 4], [4, 2], [2])]
    layers[name] = golden(lambda x, w, b, f=activation: f(torch.nn.functional.linear(x, w.T, b)), inputs)

versions = {"torch": torch.__version__, "python": platform.python_version()}
path = pathlib.Path(__file__).with_name("matmul.json")
path.write_text(json.dumps({"versions": versions, "products": products, "layers": layers}) + "\n")
