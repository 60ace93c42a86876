/**
 * jax-js on its WebAssembly backend, each step compiled as a whole: `node jaxJsPeer.mjs <threads>`, then a line a task on
 * standard input. A value is used up by the operation that reads it; `.ref` lends it once more.
 */
import { createRequire } from "node:module";
import { serve } from "../serve.ts";

const threads = Number(process.argv[2]);
if (threads > 1) await import("./webWorker.mjs");
// It looks at the browser's word for the number of cores.
Object.defineProperty(globalThis, "navigator", {
  value: { hardwareConcurrency: threads },
  configurable: true,
});

const load = createRequire(new URL("../../../.gradbook/peers/jax-js/", import.meta.url));
const { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy, tree, valueAndGrad, vjp } =
  load("@jax-js/jax");
await init("wasm");
defaultDevice("wasm");

let spread = 0;
/** Numbers of both signs that look like noise, up to ±scale. */
function noise(shape, scale = 1) {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from({ length: size }, () => scale * Math.sin(++spread * spread));
  return numpy.array(values).reshape(shape);
}

const dense = (inputs, outputs) => ({
  weight: noise([inputs, outputs], Math.sqrt(3 / inputs)),
  bias: numpy.zeros([outputs]),
});
const filters = (size, inputs, outputs) => ({
  weight: noise([outputs, inputs, size, size], Math.sqrt(3 / (size * size * inputs))),
  bias: numpy.zeros([outputs, 1, 1]),
});
const linear = (x, layer) => numpy.dot(x, layer.weight).add(layer.bias);
const convolve = (x, layer, padding) =>
  lax.convGeneralDilated(x, layer.weight, [1, 1], padding).add(layer.bias);
const oneHot = (ids, classes) =>
  nn.oneHot(numpy.array(Int32Array.from(ids), { dtype: numpy.int32 }), classes);
const classes = Array.from({ length: 64 }, (_, i) => i % 10);

/** The mean over the first axis. */
const crossEntropy = (logits, labels) => {
  const examples = logits.shape[0];
  return nn
    .logSoftmax(logits)
    .mul(labels)
    .sum()
    .mul(-1 / examples);
};

const [beta1, beta2] = [0.9, 0.999];
/** Both corrections of Adam's means in one factor. */
const stepSize = (t) => (1e-3 * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);

/** Adam over all leaves: weights, mean, square → the next ones. */
function adam(weights, gradients, mean, square, size) {
  const nextMean = tree.map((m, g) => m.mul(beta1).add(g.mul(1 - beta1)), mean, tree.ref(gradients));
  const nextSquare = tree.map((v, g) => v.mul(beta2).add(g.ref.mul(g).mul(1 - beta2)), square, gradients);
  const update = (w, m, v) => w.sub(m.mul(size.ref).div(numpy.sqrt(v).add(1e-8)));
  const next = tree.map(update, weights, tree.ref(nextMean), tree.ref(nextSquare));
  size.dispose();
  return [next, nextMean, nextSquare];
}

const zerosLike = (weights) => tree.map((leaf) => numpy.zeros(leaf.shape), weights);

function training(weights, loss, inputs, labels) {
  const compiled = jit((w, mean, square, size, x, y) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(w), x, y);
    return [...adam(w, gradients, mean, square, size), value];
  });
  let state = [weights, zerosLike(weights), zerosLike(weights)];
  let t = 0;
  return async () => {
    const [w, mean, square, value] = compiled(...state, numpy.array(stepSize(++t)), inputs.ref, labels.ref);
    state = [w, mean, square];
    await value.data();
  };
}

const classifier = () =>
  training(
    [dense(784, 256), dense(256, 128), dense(128, 10)],
    (layers, x, y) => {
      const hidden = nn.relu(linear(nn.relu(linear(x, layers[0])), layers[1]));
      return crossEntropy(linear(hidden, layers[2]), y);
    },
    noise([64, 784]),
    oneHot(classes, 10),
  );

const lenet = () =>
  training(
    [filters(5, 1, 8), filters(5, 8, 16), dense(256, 128), dense(128, 10)],
    (layers, x, y) => {
      const halve = (h) => lax.reduceWindow(nn.relu(h), numpy.max, [2, 2], [2, 2]);
      const features = halve(convolve(halve(convolve(x, layers[0], "VALID")), layers[1], "VALID"));
      const hidden = nn.relu(linear(features.reshape([64, 256]), layers[2]));
      return crossEntropy(linear(hidden, layers[3]), y);
    },
    noise([64, 1, 28, 28]),
    oneHot(classes, 10),
  );

function characterModel() {
  const [batch, time, count, hidden] = [32, 64, 65, 128];
  const ids = Array.from({ length: batch * time }, (_, i) => (i * 37) % count);
  const gate = () => ({ ...dense(count, hidden), recurrent: noise([hidden, hidden], Math.sqrt(3 / hidden)) });
  const loss = (weights, characters, following) => {
    let [h, c] = [numpy.zeros([batch, hidden]), numpy.zeros([batch, hidden])];
    let total = numpy.array(0);
    for (let t = 0; t < time; t++) {
      const x = characters.ref.slice(t);
      const sums = weights.gates.map((gate) =>
        linear(x.ref, tree.ref(gate)).add(numpy.dot(h.ref, gate.recurrent.ref)),
      );
      const [i, f, o] = sums.slice(0, 3).map((sum) => nn.sigmoid(sum));
      c = c.mul(f).add(numpy.tanh(sums[3]).mul(i));
      h.dispose();
      h = numpy.tanh(c.ref).mul(o);
      x.dispose();
      const logits = linear(h.ref, tree.ref(weights.output));
      total = total.add(crossEntropy(logits, following.ref.slice(t)));
    }
    tree.dispose([weights, characters, following, h, c]);
    return total.mul(1 / time);
  };
  const sequences = (list) => oneHot(list, count).reshape([time, batch, count]);
  const weights = { gates: [gate(), gate(), gate(), gate()], output: dense(hidden, count) };
  return training(weights, loss, sequences(ids), sequences(ids.toReversed()));
}

const tinyRegression = () =>
  training(
    [dense(2, 16), dense(16, 16), dense(16, 1)],
    (layers, x, y) => {
      const hidden = numpy.tanh(linear(numpy.tanh(linear(x, layers[0])), layers[1]));
      const error = linear(hidden, layers[2]).sub(y);
      return error.ref.mul(error).mean();
    },
    noise([32, 2]),
    noise([32, 1]),
  );

function adamUpdate() {
  const gradient = [noise([1_000_000])];
  const compiled = jit(adam);
  let [w, mean, square] = [[noise([1_000_000])], [numpy.zeros([1_000_000])], [numpy.zeros([1_000_000])]];
  let t = 0;
  return async () => {
    [w, mean, square] = compiled(w, tree.ref(gradient), mean, square, numpy.array(stepSize(++t)));
    await blockUntilReady(w);
  };
}

function product(m, k, n) {
  const [a, b] = [noise([m, k]), noise([k, n])];
  return async () => {
    const result = numpy.matmul(a.ref, b.ref);
    await result.blockUntilReady();
    result.dispose();
  };
}

function convolution() {
  const operands = [noise([32, 32, 32, 32]), filters(3, 32, 32)];
  const upstream = noise([32, 32, 32, 32]);
  const compiled = jit((inputs, layer, gradient) => {
    const [output, backward] = vjp((x, l) => convolve(x, l, "SAME"), [inputs, layer]);
    return [output, backward(gradient)];
  });
  return async () => {
    const results = compiled(...tree.ref(operands), upstream.ref);
    await blockUntilReady(results);
    tree.dispose(results);
  };
}

const tasks = {
  T1: classifier,
  T2: lenet,
  T3: characterModel,
  T4: tinyRegression,
  T5: adamUpdate,
  T6_64x784x256: () => product(64, 784, 256),
  T6_512: () => product(512, 512, 512),
  T6_1024: () => product(1024, 1024, 1024),
  T7: convolution,
};

await serve((name) => tasks[name]?.());
