"""PyTorch's LeNet on MNIST: python mnistPeer.py <threads> <folder>, then a line `<seed> <epoch>` an epoch."""
import gzip
import json
import sys
import time
from pathlib import Path

import numpy
import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(int(sys.argv[1]))
folder = Path(sys.argv[2])


def read(name, header):
    return torch.from_numpy(numpy.frombuffer(gzip.open(folder / name).read(), numpy.uint8, offset=header).copy())


def examples(part):
    images = read(f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)
    return images, read(f"{part}-labels-idx1-ubyte.gz", 8).long()


training, test = examples("train"), examples("t10k")


def lenet():
    return nn.Sequential(
        *[nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2)],
        *[nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()],
        *[nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)],
    )


def train_epoch(model, optimizer):
    images, labels = training
    for chosen in torch.randperm(len(images)).split(64):
        optimizer.zero_grad()
        functional.cross_entropy(model(images[chosen].float() / 255), labels[chosen]).backward()
        optimizer.step()


@torch.no_grad()
def accuracy(model):
    images, labels = test
    return (model(images.float() / 255).argmax(1) == labels).float().mean().item()


for line in sys.stdin:
    seed, epoch = map(int, line.split())
    if epoch == 1:
        torch.manual_seed(seed)
        model = lenet()
        optimizer = torch.optim.Adam(model.parameters())
    start = time.perf_counter()
    train_epoch(model, optimizer)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "accuracy": accuracy(model)}), flush=True)
