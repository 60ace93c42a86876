/**
 * TensorFlow.js on its WebAssembly backend: `node tfjsPeer.mjs`, then a line a task on standard input. Under Node it has
 * one thread, whatever it is asked for.
 */
import { createRequire } from "node:module";
import { serve } from "../serve.ts";

const load = createRequire(new URL("../../../.gradbook/peers/tfjs/", import.meta.url));
const tf = load("@tensorflow/tfjs");
load("@tensorflow/tfjs-backend-wasm");
await tf.setBackend("wasm");

/** @param {number} fanIn @param {number[]} shape */
const weights = (fanIn, shape) => tf.variable(tf.randomNormal(shape, 0, Math.sqrt(1 / fanIn)));
/** @param {number} size */
const zeros = (size) => tf.variable(tf.zeros([size]));

/** @param {number} inputs @param {number} outputs */
const dense = (inputs, outputs) => ({ weight: weights(inputs, [inputs, outputs]), bias: zeros(outputs) });
/** @param {number} size @param {number} inputs @param {number} outputs */
const filters = (size, inputs, outputs) => ({
  weight: weights(size * size * inputs, [size, size, inputs, outputs]),
  bias: zeros(outputs),
});
const linear = (x, layer) => x.matMul(layer.weight).add(layer.bias);
const oneHot = (ids, classes) => tf.oneHot(tf.tensor1d(ids, "int32"), classes).toFloat();
const classes = Array.from({ length: 64 }, (_, i) => i % 10);

/** Reading the loss waits for the step, as every other side does. */
function training(layers, loss) {
  const variables = layers.flatMap((layer) => Object.values(layer));
  const optimizer = tf.train.adam(1e-3);
  return () => {
    const value = optimizer.minimize(loss, true, variables);
    value.dataSync();
    value.dispose();
  };
}

function classifier() {
  const layers = [dense(784, 256), dense(256, 128), dense(128, 10)];
  const [inputs, labels] = [tf.randomNormal([64, 784]), oneHot(classes, 10)];
  return training(layers, () => {
    const hidden = linear(linear(inputs, layers[0]).relu(), layers[1]).relu();
    return tf.losses.softmaxCrossEntropy(labels, linear(hidden, layers[2]));
  });
}

function lenet() {
  const layers = [filters(5, 1, 8), filters(5, 8, 16), dense(256, 128), dense(128, 10)];
  const [images, labels] = [tf.randomNormal([64, 28, 28, 1]), oneHot(classes, 10)];
  const convolve = (x, layer) =>
    tf.maxPool(tf.conv2d(x, layer.weight, 1, "valid").add(layer.bias).relu(), 2, 2, "valid");
  return training(layers, () => {
    const features = convolve(convolve(images, layers[0]), layers[1]).reshape([64, 256]);
    const hidden = linear(features, layers[2]).relu();
    return tf.losses.softmaxCrossEntropy(labels, linear(hidden, layers[3]));
  });
}

function characterModel() {
  const [batch, time, count, hidden] = [32, 64, 65, 128];
  const [input, output] = [dense(count, 4 * hidden), dense(hidden, count)];
  const recurrent = { weight: weights(hidden, [hidden, 4 * hidden]) };
  const ids = Array.from({ length: batch * time }, (_, i) => (i * 37) % count);
  const [characters, following] = [oneHot(ids, count), oneHot(ids.toReversed(), count)];
  return training([input, recurrent, output], () => {
    const steps = linear(characters, input)
      .reshape([time, batch, 4 * hidden])
      .unstack(0);
    let [h, c] = [tf.zeros([batch, hidden]), tf.zeros([batch, hidden])];
    const outputs = steps.map((step) => {
      const [i, f, g, o] = tf.split(step.add(h.matMul(recurrent.weight)), 4, 1);
      c = c.mul(f.sigmoid()).add(g.tanh().mul(i.sigmoid()));
      h = c.tanh().mul(o.sigmoid());
      return h;
    });
    return tf.losses.softmaxCrossEntropy(following, linear(tf.concat(outputs, 0), output));
  });
}

function tinyRegression() {
  const layers = [dense(2, 16), dense(16, 16), dense(16, 1)];
  const [inputs, targets] = [tf.randomNormal([32, 2]), tf.randomNormal([32, 1])];
  return training(layers, () => {
    const hidden = linear(linear(inputs, layers[0]).tanh(), layers[1]).tanh();
    return tf.losses.meanSquaredError(targets, linear(hidden, layers[2]));
  });
}

function adamUpdate() {
  const parameters = tf.variable(tf.randomNormal([1_000_000]));
  const gradient = tf.randomNormal([1_000_000]);
  const optimizer = tf.train.adam(1e-3);
  return () => optimizer.applyGradients({ [parameters.name]: gradient });
}

function product(m, k, n) {
  const [a, b] = [tf.randomNormal([m, k]), tf.randomNormal([k, n])];
  return () => a.matMul(b).dispose();
}

function convolution() {
  const layer = filters(3, 32, 32);
  const [inputs, upstream] = [tf.randomNormal([32, 32, 32, 32]), tf.randomNormal([32, 32, 32, 32])];
  const gradients = tf.grads((x, weight, bias) => tf.conv2d(x, weight, 1, "same").add(bias));
  return () => tf.dispose(gradients([inputs, layer.weight, layer.bias], upstream));
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
