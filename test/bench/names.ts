/**
 * A character LSTM on first names beside the best n-gram: bits per character of names that neither has seen, and names
 * that the network makes up. `npm run bench -- --names`
 */
import { data, losses, nn, optim, random, Tensor, train } from "../../src/index.ts";
import { bitsPerCharacter, NGram } from "./nGram.ts";
import { table } from "./table.ts";

const HIDDEN = 256;
const orders = [1, 2, 3, 4, 5, 6, 7, 8];
const discounts = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

const names = await data.load("names");
const { vocabulary, boundary } = names;
const parts = data.split(names, [0.8, 0.1, 0.1], { seed: 1 });
const [training, validation, test] = parts;
const texts = parts.map(({ indices }) =>
  Array.from(indices, (index) => boundary + names.texts[index] + boundary),
);

/** Of each order the discount that validation likes best; the first is the best of all. */
const nGrams = orders
  .map((order) =>
    discounts
      .map((discount) => {
        const model = new NGram(texts[0], order, discount, vocabulary.size);
        return { model, validation: bitsPerCharacter(model, texts[1]) };
      })
      .reduce((best, next) => (next.validation < best.validation ? next : best)),
  )
  .toSorted((a, b) => a.validation - b.validation);

class CharacterModel extends nn.Module {
  embedding = new nn.Embedding(vocabulary.size, 32);
  recurrent = new nn.LSTM(32, HIDDEN);
  dropout = new nn.Dropout(0.5);
  output = new nn.Linear(HIDDEN, vocabulary.size);

  forward(characters: Tensor, options: nn.SequenceOptions<nn.LSTMState> = {}): nn.Recurrence<nn.LSTMState> {
    const { output, state } = this.recurrent.forward(this.embedding.forward(characters), options);
    const logits = this.output.forward(this.dropout.forward(output.reshape([-1, HIDDEN])));
    return { output: logits.reshape([...characters.shape, vocabulary.size]), state };
  }
}

random.seed(1);
const model = new CharacterModel();
const started = performance.now();
const history = await train.fit(model, {
  data: new data.DataLoader(training, { batchSize: 64, shuffle: true }),
  validation,
  loss: losses.crossEntropy,
  optimizer: new optim.Adam(model.parameters(), { learningRate: 0.003, clipGradients: { norm: 1 } }),
  epochs: 60,
  progress: false,
  callbacks: [
    train.reduceLearningRateOnPlateau({ patience: 2, factor: 0.3 }),
    train.earlyStopping({ patience: 6 }),
  ],
});
const seconds = (performance.now() - started) / 1000;
const held = (part: data.Subset): number =>
  train.evaluate(model, part, { loss: losses.crossEntropy }).loss / Math.LN2;

const lines = nGrams.map(({ model: nGram, validation: bits }) => [
  `${nGram.order}-gram, discount ${nGram.discount}`,
  bits.toFixed(3),
  bitsPerCharacter(nGram, texts[2]).toFixed(3),
]);
lines.unshift([`LSTM, hidden ${HIDDEN}`, held(validation).toFixed(3), held(test).toFixed(3)]);
console.log(
  `bits per character of first names, ${training.length} to learn from, ${validation.length} to choose by, ` +
    `${test.length} held out; n-grams with interpolated Kneser–Ney smoothing\n`,
);
console.log(`${table(["model", "validation", "held out"], lines)}\n`);
console.log(
  `LSTM: ${history.epochs.length} epochs in ${seconds.toFixed(0)} s, the best kept: ${history.restoredEpoch}\n`,
);

const known = new Set(names.texts);
for (const temperature of [0.5, 1]) {
  const made = Array.from({ length: 200 }, () =>
    vocabulary.decode(train.generate(model, { start: [0], end: 0, length: 20, temperature })),
  );
  const fresh = made.filter((name) => !known.has(name));
  console.log(
    `made up at temperature ${temperature}, ${fresh.length} of ${made.length} not in the lists: ` +
      fresh.slice(0, 12).join(", "),
  );
}
