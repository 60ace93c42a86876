"""PyTorch, eager: python torchPeer.py <threads>, then a line a task on standard input."""
import sys

import torch
from servePeer import serve
from torch import nn
from torch.nn import functional


def training(model, inputs, loss):
    optimizer = torch.optim.Adam(model.parameters())

    def step():
        optimizer.zero_grad()
        loss(model(inputs)).backward()
        optimizer.step()

    return step


def classifying(model, inputs):
    labels = torch.arange(len(inputs)) % 10
    return training(model, inputs, lambda logits: functional.cross_entropy(logits, labels))


def classifier():
    layers = [nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)]
    return classifying(nn.Sequential(*layers), torch.randn(64, 784))


def lenet():
    model = nn.Sequential(
        *[nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2)],
        *[nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()],
        *[nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)],
    )
    return classifying(model, torch.randn(64, 1, 28, 28))


class CharacterModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(65, 128, batch_first=True)
        self.output = nn.Linear(128, 65)

    def forward(self, characters):
        return self.output(self.lstm(characters)[0]).flatten(0, 1)


def character_model():
    ids = torch.arange(32 * 64) * 37 % 65
    characters = functional.one_hot(ids, 65).float().reshape(32, 64, 65)
    return training(CharacterModel(), characters, lambda logits: functional.cross_entropy(logits, ids.flip(0)))


def tiny_regression():
    model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))
    targets = torch.randn(32, 1)
    return training(model, torch.randn(32, 2), lambda prediction: functional.mse_loss(prediction, targets))


def adam_update():
    weights = torch.randn(1_000_000, requires_grad=True)
    weights.grad = torch.randn(1_000_000)
    return torch.optim.Adam([weights]).step


def product(m, k, n):
    def prepare():
        a, b = torch.randn(m, k), torch.randn(k, n)
        return lambda: a @ b

    return prepare


def convolution():
    layer = nn.Conv2d(32, 32, 3, padding=1)
    inputs, upstream = torch.randn(32, 32, 32, 32, requires_grad=True), torch.randn(32, 32, 32, 32)

    def step():
        inputs.grad = layer.weight.grad = layer.bias.grad = None
        layer(inputs).backward(upstream)

    return step


POINTWISE = 65536
BANDWIDTH = 16_777_216
OPERATIONS = 30


def pointwise(function, operands=1):
    def prepare():
        inputs = [torch.rand(POINTWISE) * 1.9 + 0.1 for _ in range(operands)]
        return lambda: function(*inputs)

    return prepare


def copy():
    x, out = torch.ones(BANDWIDTH), torch.empty(BANDWIDTH)
    return lambda: torch.neg(x, out=out)


def saxpy():
    y, x = torch.ones(BANDWIDTH), torch.ones(BANDWIDTH)
    return lambda: y.sub_(x, alpha=1e-6)


def chain(w):
    x = w
    for _ in range(OPERATIONS // 3):
        x = torch.tanh(x * w + w)
    return x


def graph_forward():
    w = torch.tensor([0.5, -0.5], requires_grad=True)

    def step():
        with torch.no_grad():
            chain(w)

    return step


def graph_backward():
    w = torch.tensor([0.5, -0.5], requires_grad=True)

    def step():
        w.grad = None
        chain(w).sum().backward()

    return step


TASKS = {
    "T1": classifier,
    "T2": lenet,
    "T3": character_model,
    "T4": tiny_regression,
    "T5": adam_update,
    "T6_64x784x256": product(64, 784, 256),
    "T6_512": product(512, 512, 512),
    "T6_1024": product(1024, 1024, 1024),
    "T7": convolution,
    "gemm_256": product(256, 256, 256),
    "gemm_512": product(512, 512, 512),
    "gemm_1024": product(1024, 1024, 1024),
    "add": pointwise(torch.add, 2),
    "mul": pointwise(torch.mul, 2),
    "relu": pointwise(torch.relu),
    "exp": pointwise(torch.exp),
    "log": pointwise(torch.log),
    "tanh": pointwise(torch.tanh),
    "sigmoid": pointwise(torch.sigmoid),
    "copy": copy,
    "saxpy": saxpy,
    "graph_forward": graph_forward,
    "graph_backward": graph_backward,
}

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)
serve(TASKS)
