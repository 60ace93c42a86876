"""Golden values of recurrent layers in float64: outputs, last states and every gradient, for test/nn/recurrence.test.ts.

Alone, stacked, over sequences of several lengths side by side, and from given states. RNN and LSTM are PyTorch's own, with
its packed sequences. The GRU is the course's equation, which resets before the product, with PyTorch's autograd; PyTorch's
own resets after it.

    pip install torch==2.13.0 && python recurrence.py      writes recurrence.json beside this file
"""
import json
import pathlib
import platform

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
GATES = {"rnn": 1, "gru": 3, "lstm": 4}
# Batch, time, features, hidden; layers; lengths.
CASES = [
    ((1, 1, 1, 1), 1, None),
    ((2, 3, 4, 5), 1, None),
    ((3, 4, 2, 1), 1, None),
    ((1, 2, 3, 17), 1, None),
    ((2, 3, 4, 5), 2, None),
    ((3, 4, 2, 3), 1, [2, 4, 1]),
    ((4, 5, 3, 6), 3, [5, 1, 4, 4]),
    ((1, 6, 2, 9), 2, [4]),
]


def module(kind, x, layers, states, lengths):
    """states: h, or h and c, [layers, batch, hidden]."""
    hidden = layers[0][1].shape[0]
    layer = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM}[kind](x.shape[2], hidden, len(layers), batch_first=True)
    parameters = {}
    for place, (w, u, b) in enumerate(layers):
        named = {"weight_ih": w.T, "weight_hh": u.T, "bias_ih": b, "bias_hh": torch.zeros_like(b)}
        parameters.update({f"{name}_l{place}": value for name, value in named.items()})
    initial = tuple(states) if kind == "lstm" else states[0]
    if lengths is None:
        output, last = torch.func.functional_call(layer, parameters, (x, initial))
    else:
        packed = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
        output, last = torch.func.functional_call(layer, parameters, (packed, initial))
        output, _ = pad_packed_sequence(output, batch_first=True, total_length=x.shape[1])
    return output, list(last) if kind == "lstm" else [last]


def gru(x, layers, states, lengths):
    batch, times, _ = x.shape
    last = []
    for place, (w, u, b) in enumerate(layers):
        h = states[0][place]
        size = h.shape[1]
        outputs = []
        for t in range(times):
            projected = x[:, t] @ w + b
            r = torch.sigmoid(projected[:, :size] + h @ u[:, :size])
            z = torch.sigmoid(projected[:, size : 2 * size] + h @ u[:, size : 2 * size])
            g = torch.tanh(projected[:, 2 * size :] + (r * h) @ u[:, 2 * size :])
            after = h * z + g * (1 - z)
            active = torch.tensor([[t < (lengths or [times] * batch)[row]] for row in range(batch)])
            outputs.append(torch.where(active, after, 0.0))
            h = torch.where(active, after, h)
        x = torch.stack(outputs, 1)
        last.append(h)
    return x, [torch.stack(last)]


def significant(tensor):
    """Twelve digits: far below float32, and far above the tolerance of the test."""
    nested = lambda value: [nested(v) for v in value] if isinstance(value, list) else float(f"{value:.12g}")
    return nested(tensor.tolist())


def leaf(*shape):
    return torch.randn(shape).mul(1000).round().div(1000).requires_grad_()


cases = []
for kind, gates in GATES.items():
    for (batch, time, features, hidden), count, lengths in CASES:
        x = leaf(batch, time, features)
        layers = [
            (leaf(features if place == 0 else hidden, gates * hidden), leaf(hidden, gates * hidden), leaf(gates * hidden))
            for place in range(count)
        ]
        states = [leaf(count, batch, hidden) for _ in range(2 if kind == "lstm" else 1)]
        output, last = (
            gru(x, layers, states, lengths) if kind == "gru" else module(kind, x, layers, states, lengths)
        )
        results = [output, *last]
        # Upstream gradients that differ in every element, so that no term can hide.
        upstreams = [
            torch.linspace(0.5, 1.5 + place, result.numel()).mul(1000).round().div(1000).reshape(result.shape)
            for place, result in enumerate(results)
        ]
        sum((result * upstream).sum() for result, upstream in zip(results, upstreams)).backward()
        leaves = [x, *(parameter for layer in layers for parameter in layer), *states]
        cases.append(
            {
                "kind": kind,
                "sizes": [batch, time, features, hidden],
                "layers": count,
                "lengths": lengths,
                "inputs": [significant(leaf.detach()) for leaf in leaves],
                "results": [significant(result.detach()) for result in results],
                "upstreams": [significant(upstream) for upstream in upstreams],
                "gradients": [significant(leaf.grad) for leaf in leaves],
            }
        )

versions = {"torch": torch.__version__, "python": platform.python_version()}
path = pathlib.Path(__file__).with_name("recurrence.json")
path.write_text(json.dumps({"versions": versions, "cases": cases}) + "\n")
