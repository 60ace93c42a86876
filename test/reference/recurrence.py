"""Golden values of recurrent layers in float64: outputs, last states and every gradient, for test/nn/recurrence.test.ts.

RNN and LSTM are PyTorch's own. The GRU is the course's equation, which resets before the product, with PyTorch's
autograd; PyTorch's own resets after it.

    pip install torch==2.13.0 && python recurrence.py      writes recurrence.json beside this file
"""
import json
import pathlib
import platform

import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
GATES = {"rnn": 1, "gru": 3, "lstm": 4}
SHAPES = [(1, 1, 1, 1), (2, 3, 4, 5), (3, 4, 2, 1), (1, 2, 3, 17)]  # batch, time, features, hidden


def module(kind, x, w, u, b, states):
    layer = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM}[kind](x.shape[2], u.shape[0], batch_first=True)
    parameters = {"weight_ih_l0": w.T, "weight_hh_l0": u.T, "bias_ih_l0": b, "bias_hh_l0": torch.zeros_like(b)}
    initial = tuple(state[None] for state in states)
    output, last = torch.func.functional_call(layer, parameters, (x, initial if kind == "lstm" else initial[0]))
    return output, [state[0] for state in last] if kind == "lstm" else [last[0]]


def gru(x, w, u, b, states):
    (h,) = states
    size = h.shape[1]
    outputs = []
    for t in range(x.shape[1]):
        projected = x[:, t] @ w + b
        r = torch.sigmoid(projected[:, :size] + h @ u[:, :size])
        z = torch.sigmoid(projected[:, size : 2 * size] + h @ u[:, size : 2 * size])
        g = torch.tanh(projected[:, 2 * size :] + (r * h) @ u[:, 2 * size :])
        h = h * z + g * (1 - z)
        outputs.append(h)
    return torch.stack(outputs, 1), [h]


def significant(tensor):
    """Twelve digits: far below float32, and far above the tolerance of the test."""
    nested = lambda value: [nested(v) for v in value] if isinstance(value, list) else float(f"{value:.12g}")
    return nested(tensor.tolist())


cases = []
for kind, gates in GATES.items():
    for batch, time, features, hidden in SHAPES:
        shapes = [(batch, time, features), (features, gates * hidden), (hidden, gates * hidden), (gates * hidden,)]
        shapes += [(batch, hidden)] * (2 if kind == "lstm" else 1)
        inputs = [torch.randn(shape).mul(1000).round().div(1000).requires_grad_() for shape in shapes]
        x, w, u, b, *states = inputs
        output, last = gru(x, w, u, b, states) if kind == "gru" else module(kind, x, w, u, b, states)
        results = [output, *last]
        # Upstream gradients that differ in every element, so that no term can hide.
        upstreams = [
            torch.linspace(0.5, 1.5 + place, result.numel()).mul(1000).round().div(1000).reshape(result.shape)
            for place, result in enumerate(results)
        ]
        sum((result * upstream).sum() for result, upstream in zip(results, upstreams)).backward()
        cases.append(
            {
                "kind": kind,
                "inputs": [significant(leaf.detach()) for leaf in inputs],
                "results": [significant(result.detach()) for result in results],
                "upstreams": [significant(upstream) for upstream in upstreams],
                "gradients": [significant(leaf.grad) for leaf in inputs],
            }
        )

versions = {"torch": torch.__version__, "python": platform.python_version()}
path = pathlib.Path(__file__).with_name("recurrence.json")
path.write_text(json.dumps({"versions": versions, "cases": cases}) + "\n")
