// A job's arguments lie in float64 slots, in the order of each kernel's own parameters.

// @ts-ignore: decorator
@inline
export function integer(args: usize, index: i32): i32 {
  return <i32>load<f64>(args + (<usize>index << 3));
}

// @ts-ignore: decorator
@inline
export function address(args: usize, index: i32): usize {
  return <usize>(<u32>load<f64>(args + (<usize>index << 3)));
}

// @ts-ignore: decorator
@inline
export function single(args: usize, index: i32): f32 {
  return <f32>load<f64>(args + (<usize>index << 3));
}

// Elementwise jobs run over n elements (slot 0) in chunks of slot 1: where this one begins, and how long it is.
// @ts-ignore: decorator
@inline
export function chunkStart(args: usize, chunk: i32): i32 {
  return chunk * integer(args, 1);
}

// @ts-ignore: decorator
@inline
export function chunkCount(args: usize, chunk: i32): i32 {
  return min(integer(args, 1), integer(args, 0) - chunkStart(args, chunk));
}
