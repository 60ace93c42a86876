// The module's exports, and `run`: one chunk of a parallel job, called by any thread.
import { binary, unary } from "./elementwise";
import { gemm8, gemm16 } from "./gemm";
import { adamStep, momentumStep, sgdStep } from "./optimizers";

export { binary, unary } from "./elementwise";
export { gemm8, gemm16, GEMM_SCRATCH } from "./gemm";
export { adamStep, momentumStep, sgdStep } from "./optimizers";
export { argmax, reduce } from "./reduce";
export { crossEntropy, crossEntropyGradient, logSoftmax, softmax } from "./softmax";
export { gather4, scatter4 } from "./strided";

// @ts-ignore: decorator
@inline
function integer(args: usize, index: i32): i32 {
  return <i32>load<f64>(args + (<usize>index << 3));
}

// @ts-ignore: decorator
@inline
function address(args: usize, index: i32): usize {
  return <usize>(<u32>load<f64>(args + (<usize>index << 3)));
}

// @ts-ignore: decorator
@inline
function single(args: usize, index: i32): f32 {
  return <f32>load<f64>(args + (<usize>index << 3));
}

// Arguments are float64 slots, in the order of each kernel's own parameters.
export function run(job: i32, args: usize, chunk: i32, scratch: usize): void {
  if (job == 0 || job == 1) {
    // m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow, chunk height, chunk width, chunks across
    const across = integer(args, 13);
    const height = integer(args, 11), width = integer(args, 12);
    const m0 = chunk / across * height, n0 = chunk % across * width;
    const m1 = min(integer(args, 0), m0 + height), n1 = min(integer(args, 1), n0 + width);
    if (job == 0)
      gemm8(m0, m1, n0, n1, integer(args, 2), address(args, 3), address(args, 4), address(args, 5), address(args, 6),
        address(args, 7), address(args, 8), address(args, 9), address(args, 10), scratch);
    else
      gemm16(m0, m1, n0, n1, integer(args, 2), address(args, 3), address(args, 4), address(args, 5), address(args, 6),
        address(args, 7), address(args, 8), address(args, 9), address(args, 10), scratch);
    return;
  }
  // The others run over n elements (slot 0) in chunks of slot 1.
  const size = integer(args, 1);
  const start = chunk * size;
  const count = min(size, integer(args, 0) - start);
  const skip = <usize>start << 2;
  if (job == 2) unary(integer(args, 2), address(args, 3) + skip, address(args, 4) + skip, count);
  else if (job == 3) {
    // kind, x, whether x moves, y, whether y moves, out
    const xColumn = address(args, 4), yColumn = address(args, 6);
    binary(integer(args, 2), address(args, 3) + (xColumn ? skip : 0), 0, xColumn,
      address(args, 5) + (yColumn ? skip : 0), 0, yColumn, address(args, 7) + skip, 1, count);
  } else if (job == 4) sgdStep(address(args, 2) + skip, address(args, 3) + skip, count, single(args, 4));
  else if (job == 5)
    momentumStep(address(args, 2) + skip, address(args, 3) + skip, address(args, 4) + skip, count,
      single(args, 5), single(args, 6));
  else if (job == 6)
    adamStep(address(args, 2) + skip, address(args, 3) + skip, address(args, 4) + skip, address(args, 5) + skip, count,
      single(args, 6), single(args, 7), single(args, 8), single(args, 9), single(args, 10),
      single(args, 11), single(args, 12), single(args, 13), single(args, 14));
}
