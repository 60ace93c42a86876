import type { RawArray } from "../backend.ts";
import { reference } from "../reference/referenceBackend.ts";
import type { Kernels } from "./kernelExports.ts";
import { binaryKinds } from "./kinds.ts";
import { allocate, type Block, memory, releaseBlock } from "./memory.ts";

/** Sizes with whole tiles and with every kind of edge. */
const [ROWS, INNER, COLUMNS] = [23, 37, 45];

/** Hold the compiled kernels against the reference, bit for bit: the name of the first that differs, or undefined. */
export function selfTest(kernels: Kernels, bits: 128 | 256): string | undefined {
  const scratch = allocate(kernels.GEMM_SCRATCH.value as number);
  const blocks: Block[] = [scratch];
  const place = (array: RawArray): number => {
    const block = allocate(array.size * 4);
    blocks.push(block);
    view(block.pointer, array.size).set(array.data);
    return block.pointer;
  };
  try {
    const [a, b] = [pattern(ROWS, INNER), pattern(INNER, COLUMNS)];
    const product = reference.matmul(a, b, false, false);
    const out = place(pattern(ROWS, COLUMNS));
    const strides = [place(a), INNER * 4, 4, place(b), COLUMNS * 4, 4, out, COLUMNS * 4, 0, -1, scratch.pointer];
    (bits === 256 ? kernels.gemm16 : kernels.gemm8)(0, ROWS, 0, COLUMNS, INNER, ...strides);
    if (differs(product, out)) return "gemm";

    const [x, y] = [pattern(ROWS, COLUMNS), product];
    const sum = reference.binary("tanhGradient", x, y);
    const size = x.size;
    kernels.binary(binaryKinds.indexOf("tanhGradient"), place(x), 0, 4, place(y), 0, 4, out, 1, size);
    if (differs(sum, out)) return "binary";
    return undefined;
  } finally {
    for (const block of blocks) releaseBlock(block);
  }
}

const view = (pointer: number, size: number): Float32Array => new Float32Array(memory.buffer, pointer, size);

/** Numbers of both signs whose products and sums must be rounded. */
function pattern(rows: number, columns: number): RawArray {
  const values = Float32Array.from(
    { length: rows * columns },
    (_, index) => ((index * 7919) % 1009) / 503.7 - 1,
  );
  return reference.from(values, [rows, columns], "float32");
}

function differs(expected: RawArray, pointer: number): boolean {
  const actual = new Uint32Array(view(pointer, expected.size).slice().buffer);
  const wanted = new Uint32Array(Float32Array.from(expected.data).buffer);
  return wanted.some((word, index) => word !== actual[index]);
}
