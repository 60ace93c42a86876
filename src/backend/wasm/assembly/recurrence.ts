// A group of batch rows taken through a whole sequence. Gates and states between steps are time-major, [T, B, …]; the
// output and its gradient are [B, T, H]. The slots of every job begin with: rows of a group, T, B, H, columns of a panel.
import { address, integer } from "./args";
import {
  gruReset, gruRow, gruRowGatesGradient, gruRowGradient, lstmCell, lstmRow, lstmRowGradient, multiply, rnnRow,
  rnnRowGradient, sigmoidRow, tanhRow,
} from "./recurrentSteps";

// … gates, packed weights, output, hidden states before each step, bytes between two of these
export function rnnJob(args: usize, chunk: i32, scratch: usize): void {
  const group = integer(args, 0), times = integer(args, 1), batch = integer(args, 2), size = integer(args, 3);
  const width = integer(args, 4), first = <usize>(chunk * group), rows = min(group, batch - <i32>first);
  const line = <usize>size << 2, step = line * batch, sequence = line * times, packed = address(args, 6);
  let z = address(args, 5) + first * line, output = address(args, 7) + first * sequence;
  const apart = address(args, 9);
  let before = address(args, 8) + first * apart;
  for (let t = 1; t <= times; t++) {
    multiply(width, rows, size, size, before, apart, packed, z, line, true, scratch);
    const next = before + apart * batch;
    for (let row = 0; row < rows; row++) {
      const h = output + <usize>row * sequence;
      rnnRow(size, z + <usize>row * line, h, t < times ? next + <usize>row * apart : h);
    }
    z += step;
    before = next;
    output += line;
  }
}

// … gates, packed weights transposed, gradient, dHidden
export function rnnGradientJob(args: usize, chunk: i32, scratch: usize): void {
  const group = integer(args, 0), times = integer(args, 1), batch = integer(args, 2), size = integer(args, 3);
  const width = integer(args, 4), first = <usize>(chunk * group), rows = min(group, batch - <i32>first);
  const line = <usize>size << 2, step = line * batch, sequence = line * times, packed = address(args, 6);
  let z = address(args, 5) + first * line + <usize>times * step;
  let gradient = address(args, 7) + (first + 1) * sequence;
  const dHidden = address(args, 8) + first * line;
  for (let t = times; t > 0; t--) {
    z -= step;
    gradient -= line;
    for (let row = 0; row < rows; row++) {
      const skip = <usize>row * line;
      rnnRowGradient(size, gradient + <usize>row * sequence, dHidden + skip, z + skip);
    }
    multiply(width, rows, size, size, z, line, packed, dHidden, line, false, scratch);
  }
}

// … gates, packed weights of r and z, of g, output, reset, hidden states before each step, bytes between two of these
export function gruJob(args: usize, chunk: i32, scratch: usize): void {
  const group = integer(args, 0), times = integer(args, 1), batch = integer(args, 2), size = integer(args, 3);
  const width = integer(args, 4), first = <usize>(chunk * group), rows = min(group, batch - <i32>first);
  const line = <usize>size << 2, step = line * batch, sequence = line * times;
  const packedGates = address(args, 6), packed = address(args, 7);
  let gates = address(args, 5) + first * 3 * line, output = address(args, 8) + first * sequence;
  const apart = address(args, 11);
  let reset = address(args, 9) + first * line, before = address(args, 10) + first * apart;
  for (let t = 1; t <= times; t++) {
    multiply(width, rows, 2 * size, size, before, apart, packedGates, gates, 3 * line, true, scratch);
    const next = before + apart * batch;
    for (let row = 0; row < rows; row++) {
      const skip = <usize>row * line, r = gates + 3 * skip;
      sigmoidRow(2 * size, r);
      gruReset(size, r, before + <usize>row * apart, reset + skip);
    }
    multiply(width, rows, size, size, reset, line, packed, gates + 2 * line, 3 * line, true, scratch);
    for (let row = 0; row < rows; row++) {
      const r = gates + 3 * <usize>row * line, h = output + <usize>row * sequence, skip = <usize>row * apart;
      tanhRow(size, r + 2 * line);
      gruRow(size, r + line, r + 2 * line, before + skip, h, t < times ? next + skip : h);
    }
    gates += 3 * step;
    before = next;
    reset += step;
    output += line;
  }
}

// … gates, packed weights transposed of r and z, of g, gradient, dHidden, dReset, hidden states before each step, bytes
// between two of these
export function gruGradientJob(args: usize, chunk: i32, scratch: usize): void {
  const group = integer(args, 0), times = integer(args, 1), batch = integer(args, 2), size = integer(args, 3);
  const width = integer(args, 4), first = <usize>(chunk * group), rows = min(group, batch - <i32>first);
  const line = <usize>size << 2, step = line * batch, sequence = line * times;
  const packedGates = address(args, 6), packed = address(args, 7);
  let gates = address(args, 5) + 3 * (first * line + <usize>times * step);
  let gradient = address(args, 8) + (first + 1) * sequence;
  const dHidden = address(args, 9) + first * line, dReset = address(args, 10) + first * line;
  const apart = address(args, 12);
  let before = address(args, 11) + (first + <usize>(times * batch)) * apart;
  for (let t = times; t > 0; t--) {
    gates -= 3 * step;
    before -= apart * batch;
    gradient -= line;
    for (let row = 0; row < rows; row++) {
      const skip = <usize>row * line, r = gates + 3 * skip, dy = gradient + <usize>row * sequence;
      gruRowGradient(size, dy, dHidden + skip, r + line, r + 2 * line, before + <usize>row * apart);
    }
    multiply(width, rows, size, size, gates + 2 * line, 3 * line, packed, dReset, line, false, scratch);
    for (let row = 0; row < rows; row++) {
      const skip = <usize>row * line;
      gruRowGatesGradient(size, dHidden + skip, dReset + skip, gates + 3 * skip, before + <usize>row * apart);
    }
    multiply(width, rows, size, 2 * size, gates, 3 * line, packedGates, dHidden, line, true, scratch);
  }
}

// … gates, packed weights, output, cell, cellBefore, cellTanh, hidden states before each step, bytes between two of these
export function lstmJob(args: usize, chunk: i32, scratch: usize): void {
  const group = integer(args, 0), times = integer(args, 1), batch = integer(args, 2), size = integer(args, 3);
  const width = integer(args, 4), first = <usize>(chunk * group), rows = min(group, batch - <i32>first);
  const line = <usize>size << 2, step = line * batch, sequence = line * times, packed = address(args, 6);
  let gates = address(args, 5) + first * 4 * line, output = address(args, 7) + first * sequence;
  const cell = address(args, 8) + first * line, apart = address(args, 12);
  let cellBefore = address(args, 9) + first * line, cellTanh = address(args, 10) + first * line;
  let before = address(args, 11) + first * apart;
  for (let t = 1; t <= times; t++) {
    multiply(width, rows, 4 * size, size, before, apart, packed, gates, 4 * line, true, scratch);
    const goesOn = t < times, following = before + apart * batch;
    for (let row = 0; row < rows; row++) {
      const skip = <usize>row * line, i = gates + 4 * skip, h = output + <usize>row * sequence;
      const cellNext = goesOn ? cellBefore + step + skip : cell + skip;
      const next = goesOn ? following + <usize>row * apart : h;
      sigmoidRow(2 * size, i);
      tanhRow(size, i + 2 * line);
      sigmoidRow(size, i + 3 * line);
      lstmCell(size, i, i + line, i + 2 * line, cellBefore + skip, cellNext);
      lstmRow(size, i + 3 * line, cellNext, cellTanh + skip, h, next);
    }
    gates += 4 * step;
    before = following;
    cellBefore += step;
    cellTanh += step;
    output += line;
  }
}

// … gates, packed weights transposed, gradient, cellBefore, cellTanh, dHidden, dCell
export function lstmGradientJob(args: usize, chunk: i32, scratch: usize): void {
  const group = integer(args, 0), times = integer(args, 1), batch = integer(args, 2), size = integer(args, 3);
  const width = integer(args, 4), first = <usize>(chunk * group), rows = min(group, batch - <i32>first);
  const line = <usize>size << 2, step = line * batch, sequence = line * times, packed = address(args, 6);
  let gates = address(args, 5) + 4 * (first * line + <usize>times * step);
  let gradient = address(args, 7) + (first + 1) * sequence;
  let cellBefore = address(args, 8) + first * line + <usize>times * step;
  let cellTanh = address(args, 9) + first * line + <usize>times * step;
  const dHidden = address(args, 10) + first * line, dCell = address(args, 11) + first * line;
  for (let t = times; t > 0; t--) {
    gates -= 4 * step;
    cellBefore -= step;
    cellTanh -= step;
    gradient -= line;
    for (let row = 0; row < rows; row++) {
      const skip = <usize>row * line, i = gates + 4 * skip, dy = gradient + <usize>row * sequence;
      lstmRowGradient(size, dy, dHidden + skip, dCell + skip, cellBefore + skip, cellTanh + skip,
        i, i + line, i + 2 * line, i + 3 * line);
    }
    multiply(width, rows, size, 4 * size, gates, 4 * line, packed, dHidden, line, false, scratch);
  }
}
