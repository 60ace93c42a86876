// Four lanes, or fewer at the end of a row, read and written without touching memory beyond them.

// @ts-ignore: decorator
@inline
export function lanesAt(at: usize, count: i32): v128 {
  if (count >= 4) return v128.load(at);
  let lanes = v128.load32_zero(at);
  if (count > 1) lanes = v128.load_lane<f32>(at, lanes, 1, 4);
  if (count > 2) lanes = v128.load_lane<f32>(at, lanes, 2, 8);
  return lanes;
}

// @ts-ignore: decorator
@inline
export function putLanes(at: usize, lanes: v128, count: i32): void {
  if (count >= 4) {
    v128.store(at, lanes);
    return;
  }
  v128.store_lane<f32>(at, lanes, 0);
  if (count > 1) v128.store_lane<f32>(at, lanes, 1, 4);
  if (count > 2) v128.store_lane<f32>(at, lanes, 2, 8);
}
