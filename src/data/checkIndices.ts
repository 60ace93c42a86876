/** @throws RangeError if one of the indices is none of `length` examples */
export function checkIndices(operation: string, indices: ArrayLike<number>, length: number): void {
  for (let place = 0; place < indices.length; place++) {
    const index = indices[place];
    if (!Number.isInteger(index) || index < 0 || index >= length)
      throw new RangeError(`${operation}: no example ${index} among ${length}; use 0 to ${length - 1}`);
  }
}
