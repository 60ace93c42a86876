"""JAX, each step compiled as a whole: python jaxPeer.py <threads>, then a line a task on standard input."""
import os
import sys

# XLA takes as many threads as there are cores to run on, and asks when it is loaded.
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-int(sys.argv[1]) :])

import jax  # noqa: E402
from jax import lax  # noqa: E402
from jax import numpy as jnp  # noqa: E402
from servePeer import serve  # noqa: E402

keys = iter(jax.random.split(jax.random.key(1), 1000))


def normal(*shape, scale=1.0):
    return scale * jax.random.normal(next(keys), shape)


def dense(inputs, outputs):
    return {"weight": normal(inputs, outputs, scale=inputs**-0.5), "bias": jnp.zeros(outputs)}


def linear(x, layer):
    return x @ layer["weight"] + layer["bias"]


def adam(parameters, gradients, mean, square, step):
    beta1, beta2 = 0.9, 0.999
    mean = jax.tree.map(lambda m, g: beta1 * m + (1 - beta1) * g, mean, gradients)
    square = jax.tree.map(lambda v, g: beta2 * v + (1 - beta2) * g * g, square, gradients)

    def update(w, m, v):
        return w - 1e-3 * (m / (1 - beta1**step)) / (jnp.sqrt(v / (1 - beta2**step)) + 1e-8)

    return jax.tree.map(update, parameters, mean, square), mean, square


def training(parameters, loss):
    @jax.jit
    def compiled(parameters, mean, square, count):
        value, gradients = jax.value_and_grad(loss)(parameters)
        return *adam(parameters, gradients, mean, square, count), value

    zeros = jax.tree.map(jnp.zeros_like, parameters)
    state = [parameters, zeros, zeros]
    count = 0.0

    def step():
        nonlocal count
        count += 1
        *state[:], value = compiled(*state, count)
        value.block_until_ready()

    return step


def cross_entropy(logits, labels):
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1))


def classifier():
    inputs, labels = normal(64, 784), jnp.arange(64) % 10
    parameters = [dense(784, 256), dense(256, 128), dense(128, 10)]

    def loss(layers):
        x = jax.nn.relu(linear(inputs, layers[0]))
        x = jax.nn.relu(linear(x, layers[1]))
        return cross_entropy(linear(x, layers[2]), labels)

    return training(parameters, loss)


def convolve(x, kernel, padding):
    return lax.conv_general_dilated(x, kernel, (1, 1), padding, dimension_numbers=("NHWC", "HWIO", "NHWC"))


def halve(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def filters(size, inputs, outputs):
    scale = (size * size * inputs) ** -0.5
    return {"weight": normal(size, size, inputs, outputs, scale=scale), "bias": jnp.zeros(outputs)}


def lenet():
    images, labels = normal(64, 28, 28, 1), jnp.arange(64) % 10
    parameters = [filters(5, 1, 8), filters(5, 8, 16), dense(256, 128), dense(128, 10)]

    def loss(layers):
        x = images
        for layer in layers[:2]:
            x = halve(jax.nn.relu(convolve(x, layer["weight"], "VALID") + layer["bias"]))
        x = jax.nn.relu(linear(x.reshape(64, 256), layers[2]))
        return cross_entropy(linear(x, layers[3]), labels)

    return training(parameters, loss)


def character_model():
    ids = (jnp.arange(32 * 64) * 37 % 65).reshape(32, 64)
    characters = jax.nn.one_hot(ids.T, 65)
    following = jnp.flip(ids.reshape(-1)).reshape(32, 64).T.reshape(-1)
    parameters = {
        "input": dense(65, 512),
        "hidden": normal(128, 512, scale=128**-0.5),
        "output": dense(128, 65),
    }

    def loss(parameters):
        def cell(state, from_input):
            h, c = state
            i, f, g, o = jnp.split(from_input + h @ parameters["hidden"], 4, axis=1)
            c = c * jax.nn.sigmoid(f) + jnp.tanh(g) * jax.nn.sigmoid(i)
            h = jnp.tanh(c) * jax.nn.sigmoid(o)
            return (h, c), h

        start = (jnp.zeros((32, 128)), jnp.zeros((32, 128)))
        _, outputs = lax.scan(cell, start, linear(characters, parameters["input"]))
        return cross_entropy(linear(outputs.reshape(-1, 128), parameters["output"]), following)

    return training(parameters, loss)


def tiny_regression():
    inputs, targets = normal(32, 2), normal(32, 1)
    parameters = [dense(2, 16), dense(16, 16), dense(16, 1)]

    def loss(layers):
        x = jnp.tanh(linear(inputs, layers[0]))
        x = jnp.tanh(linear(x, layers[1]))
        return jnp.mean((linear(x, layers[2]) - targets) ** 2)

    return training(parameters, loss)


def adam_update():
    gradient = normal(1_000_000)
    compiled = jax.jit(adam, donate_argnums=(0, 2, 3))
    state = [normal(1_000_000), jnp.zeros(1_000_000), jnp.zeros(1_000_000)]
    count = 0.0

    def step():
        nonlocal count
        count += 1
        weights, mean, square = state
        state[:] = compiled(weights, gradient, mean, square, count)
        state[0].block_until_ready()

    return step


def product(m, k, n):
    def prepare():
        a, b, compiled = normal(m, k), normal(k, n), jax.jit(jnp.matmul)
        return lambda: compiled(a, b).block_until_ready()

    return prepare


def convolution():
    upstream = normal(32, 32, 32, 32)
    operands = normal(32, 32, 32, 32), filters(3, 32, 32)

    @jax.jit
    def gradients(inputs, layer):
        def forward(inputs, layer):
            return convolve(inputs, layer["weight"], "SAME") + layer["bias"]

        output, backward = jax.vjp(forward, inputs, layer)
        return output, backward(upstream)

    return lambda: jax.block_until_ready(gradients(*operands))


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
}

serve(TASKS)
