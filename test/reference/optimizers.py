"""Golden trajectories of the optimizers, schedules and clipping: ten steps in float64.

What PyTorch computes comes from PyTorch. What it does not have is evaluated here in numpy from the course's equation:
epsilon inside the root (outside for AdaDelta, where PyTorch has it inside), momentum whose learning rate changes, and
Nesterov with the gradient at the look-ahead point. Hyperparameters are large (epsilon = 0.1) so that every term
shows: with the usual 1e-8 a misplaced epsilon would pass unseen.

The gradient at step t is that of the loss sum(c_t * w) + sum(w ** 2) / 2 where `bowl` is true, so that it depends on
where it is taken, else c_t itself.

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


def with_torch(make_optimizer, start, gradients, bowl=False):
    parameters = {name: torch.tensor(value, requires_grad=True) for name, value in start.items()}
    optimizer = make_optimizer(list(parameters.values()))
    trajectory = []
    for gradient in gradients:
        for name, parameter in parameters.items():
            parameter.grad = torch.tensor(gradient[name]) + (parameter.detach() if bowl else 0)
        optimizer.step()
        trajectory.append({name: value.detach().flatten().tolist() for name, value in parameters.items()})
    return trajectory


def by_equation(step, start, gradients):
    """step(t, w, c, state) returns the new w; state is a dict that is kept for each parameter."""
    w = {name: value.copy() for name, value in start.items()}
    states = {name: {} for name in start}
    trajectory = []
    for t, gradient in enumerate(gradients, start=1):
        w = {name: step(t, w[name], c, states[name]) for name, c in gradient.items()}
        trajectory.append({name: value.flatten().tolist() for name, value in w.items()})
    return trajectory


def root(x, epsilon, placement):
    return numpy.sqrt(x + epsilon) if placement == "inside" else numpy.sqrt(x) + epsilon


def momentum_step(options, schedule):
    def step(t, w, g, state):
        rate = options["learningRate"] * schedule(t - 1)
        m = options["momentum"] * state.get("m", 0) - rate * g
        state["m"] = m
        return w + m

    return step


def nesterov_step(options):
    def step(t, w, c, state):
        m = state.get("m", numpy.zeros_like(w))
        ahead = w + options["momentum"] * m
        g = c + ahead  # the bowl's gradient at the look-ahead point
        d = g + options.get("weightDecay", 0) * ahead
        state["m"] = options["momentum"] * m - options["learningRate"] * d
        return w + state["m"]

    return step


def ada_grad_step(options):
    def step(t, w, g, state):
        state["G"] = state.get("G", 0) + g**2
        return w - options["learningRate"] / root(state["G"], options["epsilon"], options["epsilonPlacement"]) * g

    return step


def rms_prop_step(options):
    def step(t, w, g, state):
        state["G"] = options["decay"] * state.get("G", 0) + (1 - options["decay"]) * g**2
        return w - options["learningRate"] / root(state["G"], options["epsilon"], options["epsilonPlacement"]) * g

    return step


def ada_delta_step(options):
    def step(t, w, g, state):
        decay, epsilon, placement = options["decay"], options["epsilon"], options["epsilonPlacement"]
        S = state.get("S", numpy.zeros_like(w))
        state["G"] = decay * state.get("G", 0) + (1 - decay) * g**2
        move = root(S, epsilon, placement) / root(state["G"], epsilon, placement) * g
        state["S"] = decay * S + (1 - decay) * move**2
        return w - move

    return step


def adam_step(options):
    def step(t, w, g, state):
        beta1, beta2 = options["beta1"], options["beta2"]
        w = w - options["learningRate"] * options.get("weightDecay", 0) * w
        state["m"] = beta1 * state.get("m", 0) + (1 - beta1) * g
        state["v"] = beta2 * state.get("v", 0) + (1 - beta2) * g**2
        m_hat = state["m"] / (1 - beta1**t)
        v_hat = state["v"] / (1 - beta2**t)
        return w - options["learningRate"] * m_hat / root(v_hat, options["epsilon"], options["epsilonPlacement"])

    return step


def cases_of(start, gradients):
    inside, outside = {"epsilonPlacement": "inside"}, {"epsilonPlacement": "outside"}
    adam = {"learningRate": 0.5, "beta1": 0.6, "beta2": 0.7, "epsilon": 0.1}
    adam_torch = {"lr": 0.5, "betas": (0.6, 0.7), "eps": 0.1}
    mean = {"learningRate": 0.3, "decay": 0.7, "epsilon": 0.1}
    grad = {"learningRate": 0.3, "epsilon": 0.1}
    delta = {"decay": 0.7, "epsilon": 0.1}
    momentum = {"learningRate": 0.3, "momentum": 0.8}
    optim = torch.optim

    def case(name, options, source, make=None, step=None, bowl=False):
        trajectory = with_torch(make, start, gradients, bowl) if make else by_equation(step, start, gradients)
        return {"name": name, "source": source, "options": options, "bowl": bowl, "trajectory": trajectory}

    equation = "its equation in numpy"
    return [
        case("SGD", {"learningRate": 0.5}, "torch.optim.SGD", lambda p: optim.SGD(p, lr=0.5)),
        case(
            "SGD",
            {"learningRate": 0.5, "weightDecay": 0.3},
            "torch.optim.SGD with weight decay",
            lambda p: optim.SGD(p, lr=0.5, weight_decay=0.3),
        ),
        case(
            "Momentum",
            momentum,
            "torch.optim.SGD with momentum",
            lambda p: optim.SGD(p, lr=0.3, momentum=0.8),
        ),
        case(
            "Momentum",
            {**momentum, "weightDecay": 0.3},
            "torch.optim.SGD with momentum and weight decay",
            lambda p: optim.SGD(p, lr=0.3, momentum=0.8, weight_decay=0.3),
        ),
        case("Nesterov", momentum, equation, step=nesterov_step(momentum), bowl=True),
        case(
            "Nesterov",
            {**momentum, "weightDecay": 0.3},
            equation,
            step=nesterov_step({**momentum, "weightDecay": 0.3}),
            bowl=True,
        ),
        case("AdaGrad", {**grad, **outside}, "torch.optim.Adagrad", lambda p: optim.Adagrad(p, lr=0.3, eps=0.1)),
        case("AdaGrad", {**grad, **inside}, equation, step=ada_grad_step({**grad, **inside})),
        case(
            "RMSProp",
            {**mean, **outside},
            "torch.optim.RMSprop",
            lambda p: optim.RMSprop(p, lr=0.3, alpha=0.7, eps=0.1),
        ),
        case("RMSProp", {**mean, **inside}, equation, step=rms_prop_step({**mean, **inside})),
        case(
            "AdaDelta", {**delta, **inside}, "torch.optim.Adadelta", lambda p: optim.Adadelta(p, rho=0.7, eps=0.1)
        ),
        case("AdaDelta", {**delta, **outside}, equation, step=ada_delta_step({**delta, **outside})),
        case("Adam", {**adam, **outside}, "torch.optim.Adam", lambda p: optim.Adam(p, **adam_torch)),
        case("Adam", {**adam, **inside}, equation, step=adam_step({**adam, **inside})),
        case(
            "AdamW",
            {**adam, **outside, "weightDecay": 0.3},
            "torch.optim.AdamW",
            lambda p: optim.AdamW(p, **adam_torch, weight_decay=0.3),
        ),
        case(
            "AdamW",
            {**adam, **inside, "weightDecay": 0.3},
            equation,
            step=adam_step({**adam, **inside, "weightDecay": 0.3}),
        ),
    ]


def grouped(make_optimizer, make_scheduler, start, gradients):
    """The bias has its own learning rate and weight decay, and one schedule scales both rates."""

    def run():
        parameters = {name: torch.tensor(value, requires_grad=True) for name, value in start.items()}
        optimizer = make_optimizer(
            [{"params": [parameters["weight"]]}, {"params": [parameters["bias"]], "lr": 0.05, "weight_decay": 0.1}]
        )
        scheduler = make_scheduler(optimizer)
        for gradient in gradients:
            for name, parameter in parameters.items():
                parameter.grad = torch.tensor(gradient[name])
            optimizer.step()
            scheduler.step()
            yield {name: value.detach().flatten().tolist() for name, value in parameters.items()}

    return list(run())


def grouped_cases(start, gradients):
    optim, schedulers = torch.optim, torch.optim.lr_scheduler
    adam = {"lr": 0.5, "betas": (0.6, 0.7), "eps": 0.1, "weight_decay": 0.3}
    one_cycle = {"total_steps": 12, "pct_start": 0.4, "div_factor": 10, "final_div_factor": 100}
    return {
        "SGD": grouped(
            lambda groups: optim.SGD(groups, lr=0.5, weight_decay=0.3),
            lambda optimizer: schedulers.ExponentialLR(optimizer, 0.9),
            start,
            gradients,
        ),
        "AdamW": grouped(
            lambda groups: optim.AdamW(groups, **adam),
            lambda optimizer: schedulers.OneCycleLR(optimizer, max_lr=[0.5, 0.05], cycle_momentum=False, **one_cycle),
            start,
            gradients,
        ),
    }


def schedules():
    """Factors of the learning rate, which is 1."""
    torch_schedules = torch.optim.lr_scheduler

    def factors(make, steps):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        scheduler = make(optimizer)
        found = []
        for _ in range(steps):
            found.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return found

    def warm_up_then_cosine(optimizer):
        up = torch_schedules.LinearLR(optimizer, start_factor=1 / 4, total_iters=3)
        down = torch_schedules.CosineAnnealingLR(optimizer, T_max=6)
        return torch_schedules.SequentialLR(optimizer, [up, down], milestones=[4])

    def one_cycle(**options):
        return lambda o: torch_schedules.OneCycleLR(o, max_lr=1.0, total_steps=20, cycle_momentum=False, **options)

    return {
        "step": factors(lambda o: torch_schedules.StepLR(o, 3, gamma=0.4), 10),
        "exponential": factors(lambda o: torch_schedules.ExponentialLR(o, 0.9), 100),
        "cosine": factors(lambda o: torch_schedules.CosineAnnealingLR(o, T_max=8, eta_min=0.2), 9),
        "warmUp": factors(warm_up_then_cosine, 10),
        "oneCycle": factors(one_cycle(), 20),
        "oneCycleWithOptions": factors(one_cycle(pct_start=0.25, div_factor=10, final_div_factor=100), 20),
    }


def clipping(gradients):
    """Each gradient clipped to norm 1.5, and to values of at most 0.5; `norms` are those before."""
    norms, by_norm, by_value = [], [], []
    for gradient in gradients:
        parameters = [torch.zeros(SHAPES[name], dtype=torch.float64) for name in gradient]
        for found, clip in ((by_norm, "norm"), (by_value, "value")):
            for parameter, value in zip(parameters, gradient.values()):
                parameter.grad = torch.tensor(value)
            if clip == "norm":
                norms.append(torch.nn.utils.clip_grad_norm_(parameters, 1.5).item())
            else:
                torch.nn.utils.clip_grad_value_(parameters, 0.5)
            found.append({name: p.grad.flatten().tolist() for name, p in zip(gradient, parameters)})
    return {"norms": norms, "byNorm": by_norm, "byValue": by_value}


def main():
    start, gradients = inputs()
    momentum = {"learningRate": 0.3, "momentum": 0.8}
    golden = {
        "versions": {"torch": torch.__version__, "numpy": numpy.__version__},
        "shapes": SHAPES,
        "start": {name: value.flatten().tolist() for name, value in start.items()},
        "gradients": [
            {name: value.flatten().tolist() for name, value in gradient.items()} for gradient in gradients
        ],
        "cases": cases_of(start, gradients),
        "grouped": grouped_cases(start, gradients),
        "scheduledMomentum": by_equation(
            momentum_step(momentum, lambda t: 0.4 ** (t // 3)), start, gradients
        ),
        "schedules": schedules(),
        "clipping": clipping(gradients),
    }
    path = pathlib.Path(__file__).with_name("optimizers.json")
    path.write_text(json.dumps(golden) + "\n")


main()
