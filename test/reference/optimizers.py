"""Golden trajectories of the optimizers: ten steps along fixed gradients, in float64.

SGD, Momentum and Adam with epsilon outside the root come from PyTorch; Adam with epsilon inside, the course's
form, which PyTorch does not have, is evaluated here in numpy from its equation. Hyperparameters are large
(epsilon = 0.1) so that every term shows: with the usual 1e-8 a misplaced epsilon would pass unseen.

Run: pip install torch==2.13.0 numpy && python3 test/reference/optimizers.py   writes optimizers.json beside itself.
"""

import json
import pathlib

import numpy
import torch

STEPS = 10
SHAPES = {"weight": (2, 3), "bias": (3,)}


def inputs():
    generator = numpy.random.default_rng(2015)
    start = {name: generator.normal(size=shape).round(4) for name, shape in SHAPES.items()}
    gradients = [
        {name: generator.normal(size=shape).round(4) for name, shape in SHAPES.items()} for _ in range(STEPS)
    ]
    gradients[3]["bias"][:] = 0  # a parameter that rests for a step still moves by its memory
    return start, gradients


def with_torch(make_optimizer, start, gradients):
    parameters = {name: torch.tensor(value, requires_grad=True) for name, value in start.items()}
    optimizer = make_optimizer(list(parameters.values()))
    trajectory = []
    for gradient in gradients:
        for name, parameter in parameters.items():
            parameter.grad = torch.tensor(gradient[name])
        optimizer.step()
        trajectory.append({name: value.detach().flatten().tolist() for name, value in parameters.items()})
    return trajectory


def adam_epsilon_inside(learning_rate, beta1, beta2, epsilon, start, gradients):
    w = {name: value.copy() for name, value in start.items()}
    m = {name: numpy.zeros_like(value) for name, value in start.items()}
    v = {name: numpy.zeros_like(value) for name, value in start.items()}
    trajectory = []
    for t, gradient in enumerate(gradients, start=1):
        for name, g in gradient.items():
            m[name] = beta1 * m[name] + (1 - beta1) * g
            v[name] = beta2 * v[name] + (1 - beta2) * g**2
            m_hat = m[name] / (1 - beta1**t)
            v_hat = v[name] / (1 - beta2**t)
            w[name] = w[name] - learning_rate * m_hat / numpy.sqrt(v_hat + epsilon)
        trajectory.append({name: value.flatten().tolist() for name, value in w.items()})
    return trajectory


def main():
    start, gradients = inputs()
    adam = {"learningRate": 0.5, "beta1": 0.6, "beta2": 0.7, "epsilon": 0.1}
    betas = (adam["beta1"], adam["beta2"])
    cases = [
        {
            "name": "SGD",
            "source": "torch.optim.SGD",
            "options": {"learningRate": 0.5},
            "trajectory": with_torch(lambda p: torch.optim.SGD(p, lr=0.5), start, gradients),
        },
        {
            "name": "Momentum",
            "source": "torch.optim.SGD with momentum",
            "options": {"learningRate": 0.3, "momentum": 0.8},
            "trajectory": with_torch(lambda p: torch.optim.SGD(p, lr=0.3, momentum=0.8), start, gradients),
        },
        {
            "name": "Adam",
            "source": "torch.optim.Adam",
            "options": {**adam, "epsilonPlacement": "outside"},
            "trajectory": with_torch(
                lambda p: torch.optim.Adam(p, lr=adam["learningRate"], betas=betas, eps=adam["epsilon"]),
                start,
                gradients,
            ),
        },
        {
            "name": "Adam",
            "source": "its equation in numpy",
            "options": {**adam, "epsilonPlacement": "inside"},
            "trajectory": adam_epsilon_inside(
                adam["learningRate"], *betas, adam["epsilon"], start, gradients
            ),
        },
    ]
    golden = {
        "versions": {"torch": torch.__version__, "numpy": numpy.__version__},
        "shapes": SHAPES,
        "start": {name: value.flatten().tolist() for name, value in start.items()},
        "gradients": [
            {name: value.flatten().tolist() for name, value in gradient.items()} for gradient in gradients
        ],
        "cases": cases,
    }
    path = pathlib.Path(__file__).with_name("optimizers.json")
    path.write_text(json.dumps(golden, indent=1) + "\n")


main()
