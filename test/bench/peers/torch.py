"""PyTorch's side of the benchmark: python torch.py <threads> <seconds> <task>... prints a JSON line a task."""
import json
import sys
import time

# This file's own folder is first on the path, and its name is the library's.
sys.path.pop(0)
import torch  # noqa: E402
from torch import nn  # noqa: E402

CHUNK = 0.03


def training(model, inputs, loss):
    optimizer = torch.optim.Adam(model.parameters())

    def step():
        optimizer.zero_grad()
        loss(model(inputs)).backward()
        optimizer.step()

    return step


def classifier():
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    labels = torch.arange(64) % 10
    return training(model, torch.randn(64, 784), lambda logits: nn.functional.cross_entropy(logits, labels))


def le_net():
    model = nn.Sequential(
        *[nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2)],
        *[nn.Flatten(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)],
    )
    labels = torch.arange(64) % 10
    return training(model, torch.rand(64, 1, 28, 28), lambda logits: nn.functional.cross_entropy(logits, labels))


class CharacterModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(65, 128, batch_first=True)
        self.output = nn.Linear(128, 65)

    def forward(self, characters):
        return self.output(self.lstm(characters)[0]).flatten(0, 1)


def character_model():
    ids = torch.arange(32 * 64) * 37 % 65
    characters = nn.functional.one_hot(ids, 65).float().reshape(32, 64, 65)
    return training(CharacterModel(), characters, lambda logits: nn.functional.cross_entropy(logits, ids.flip(0)))


def tiny_regression():
    model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))
    targets = torch.randn(32, 1)
    return training(model, torch.randn(32, 2), lambda y: nn.functional.mse_loss(y, targets))


def adam_update():
    weights = torch.randn(1_000_000, requires_grad=True)
    weights.grad = torch.randn(1_000_000)
    return torch.optim.Adam([weights]).step


def product(m, k, n):
    a, b = torch.randn(m, k), torch.randn(k, n)
    return lambda: a @ b


def convolution():
    layer = nn.Conv2d(32, 32, 3, padding=1)
    images = torch.rand(32, 32, 32, 32, requires_grad=True)
    upstream = torch.rand(32, 32, 32, 32)

    def step():
        for leaf in [images, *layer.parameters()]:
            leaf.grad = None
        (layer(images) * upstream).sum().backward()

    return step


TASKS = {
    "T1 MLP 784-256-128-10, batch 64": classifier,
    "T2 LeNet 28×28, batch 64": le_net,
    "T3 character LSTM, hidden 128, 64 steps, batch 32": character_model,
    "T4 MLP 2-16-16-1, batch 32": tiny_regression,
    "T5 Adam update of 1,000,000": adam_update,
    "T6 matmul 64×784×256": lambda: product(64, 784, 256),
    "T6 matmul 512³": lambda: product(512, 512, 512),
    "T6 matmul 1024³": lambda: product(1024, 1024, 1024),
    "T7 convolution 3×3, 32→32, 32×32, batch 32": convolution,
}

threads, seconds = int(sys.argv[1]), float(sys.argv[2])
torch.set_num_threads(threads)
for name in sys.argv[3:]:
    torch.manual_seed(1)
    step = TASKS[name]()
    warm_up = time.perf_counter() + 0.3
    while time.perf_counter() < warm_up:
        step()
    rates = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        steps = 0
        while time.perf_counter() - start < CHUNK:
            step()
            steps += 1
        rates.append(steps / (time.perf_counter() - start))
    rates.sort()
    figures = {"steps_per_s": rates[len(rates) // 2], "best": rates[-1]}
    print(json.dumps({"peer": "torch", "threads": threads, "task": name, **figures}), flush=True)
