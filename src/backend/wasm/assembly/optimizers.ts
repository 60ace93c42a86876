// One optimizer step over one parameter, four weights at a time; the letters are those of src/optim.
import { loadLanes, storeLanes } from "./lanes";

// @ts-ignore: decorator
@inline
function lanesAt(at: usize, count: i32): v128 {
  return count >= 4 ? v128.load(at) : loadLanes(at, count);
}

// @ts-ignore: decorator
@inline
function put(at: usize, lanes: v128, count: i32): void {
  if (count >= 4) v128.store(at, lanes);
  else storeLanes(at, lanes, count);
}

export function sgdStep(w: usize, g: usize, n: i32, learningRate: f32): void {
  const rate = f32x4.splat(learningRate);
  for (let i = 0; i < n; i += 4) {
    const at = <usize>i << 2;
    const count = n - i;
    put(w + at, f32x4.sub(lanesAt(w + at, count), f32x4.mul(rate, lanesAt(g + at, count))), count);
  }
}

export function momentumStep(w: usize, g: usize, m: usize, n: i32, learningRate: f32, momentum: f32): void {
  const rate = f32x4.splat(learningRate);
  const alpha = f32x4.splat(momentum);
  for (let i = 0; i < n; i += 4) {
    const at = <usize>i << 2;
    const count = n - i;
    const moved = f32x4.sub(f32x4.mul(alpha, lanesAt(m + at, count)), f32x4.mul(rate, lanesAt(g + at, count)));
    put(m + at, moved, count);
    put(w + at, f32x4.add(lanesAt(w + at, count), moved), count);
  }
}

export function adamStep(
  w: usize, g: usize, m: usize, v: usize, n: i32,
  learningRate: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32,
  correction1: f32, correction2: f32, epsilon: f32, epsilonInside: i32,
): void {
  const inside = f32x4.splat(epsilonInside ? epsilon : 0);
  const outside = f32x4.splat(epsilonInside ? 0 : epsilon);
  for (let i = 0; i < n; i += 4) {
    const at = <usize>i << 2;
    const count = n - i;
    const gradient = lanesAt(g + at, count);
    const mean = f32x4.add(
      f32x4.mul(f32x4.splat(beta1), lanesAt(m + at, count)),
      f32x4.mul(f32x4.splat(rest1), gradient),
    );
    const square = f32x4.add(
      f32x4.mul(f32x4.splat(beta2), lanesAt(v + at, count)),
      f32x4.mul(f32x4.splat(rest2), f32x4.mul(gradient, gradient)),
    );
    put(m + at, mean, count);
    put(v + at, square, count);
    const numerator = f32x4.mul(f32x4.splat(learningRate), f32x4.div(mean, f32x4.splat(correction1)));
    const root = f32x4.sqrt(f32x4.add(f32x4.div(square, f32x4.splat(correction2)), inside));
    const moved = f32x4.div(numerator, f32x4.add(root, outside));
    put(w + at, f32x4.sub(lanesAt(w + at, count), moved), count);
  }
}
