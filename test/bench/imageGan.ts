/**
 * A generative adversarial network (Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661) over the 8×8 digits: one player
 * makes images out of noise, the other tells them from real ones, and each learns from the other.
 */
import { data, losses, nn, optim, Tensor } from "../../src/index.ts";

const LATENT = 16;
const BATCH = 32;

/** Noise `[n, 1, 1, LATENT]` → images `[n, 8, 8, 1]` in [0, 1]: 1×1 → 4×4 → 8×8. */
const generatorNetwork = (): nn.Sequential =>
  new nn.Sequential(
    new nn.ConvTranspose2d(LATENT, 32, 4, { bias: false }),
    new nn.BatchNorm2d(32),
    new nn.ReLU(),
    new nn.ConvTranspose2d(32, 1, 4, { stride: 2, padding: 1 }),
    new nn.Sigmoid(),
  );

/** Images → the logit that they are real. */
const discriminatorNetwork = (): nn.Sequential =>
  new nn.Sequential(
    new nn.Conv2d(1, 32, 4, { stride: 2, padding: 1 }),
    new nn.LeakyReLU(0.2),
    new nn.Flatten(),
    new nn.Linear(4 * 4 * 32, 1),
  );

export interface GanEpoch {
  readonly discriminatorLoss: number;
  readonly generatorLoss: number;
  /** Of the discriminator, over real and made images alike. */
  readonly discriminatorAccuracy: number;
}

/** Both players and what became of them. */
export class ImageGan {
  readonly generator: nn.Sequential = generatorNetwork();
  readonly discriminator: nn.Sequential = discriminatorNetwork();
  readonly epochs: GanEpoch[] = [];

  /** Let them play on the images of a data set. */
  play(dataset: data.Dataset, epochs: number): void {
    const { generator, discriminator } = this;
    const rates = { learningRate: 0.002, beta1: 0.5 };
    const ofGenerator = new optim.Adam(generator.parameters(), rates);
    const ofDiscriminator = new optim.Adam(discriminator.parameters(), rates);
    const loader = new data.DataLoader(dataset, { batchSize: BATCH, shuffle: true, dropLast: true });
    const [real, made] = [Tensor.ones([BATCH, 1]), Tensor.zeros([BATCH, 1])];
    for (let epoch = 0; epoch < epochs; epoch++) {
      const sums = { discriminatorLoss: 0, generatorLoss: 0, discriminatorAccuracy: 0 };
      for (const { inputs } of loader) {
        let right = 0;
        sums.discriminatorLoss += ofDiscriminator.minimize(() => {
          const fakes = generator.forward(noise(BATCH)).detach();
          const [onReal, onFakes] = [discriminator.forward(inputs), discriminator.forward(fakes)];
          right = onReal.greater(0).mean().item() / 2 + onFakes.lessEqual(0).mean().item() / 2;
          return losses.binaryCrossEntropy(onReal, real).add(losses.binaryCrossEntropy(onFakes, made));
        });
        sums.discriminatorAccuracy += right;
        // Its gradients go on to the generator; it need not have any of its own.
        discriminator.freeze();
        sums.generatorLoss += ofGenerator.minimize(() =>
          losses.binaryCrossEntropy(discriminator.forward(generator.forward(noise(BATCH))), real),
        );
        discriminator.unfreeze();
      }
      const { length } = loader;
      this.epochs.push({
        discriminatorLoss: sums.discriminatorLoss / length,
        generatorLoss: sums.generatorLoss / length,
        discriminatorAccuracy: sums.discriminatorAccuracy / length,
      });
    }
  }

  /** New images, with the running statistics of the generator's batch norm. */
  sample(count: number): Tensor {
    this.generator.eval();
    return Tensor.noGrad(() => this.generator.forward(noise(count)));
  }
}

const noise = (count: number): Tensor => Tensor.randn([count, 1, 1, LATENT]);
