/**
 * Gives memory outside of the heap back at once. The garbage collector knows nothing of it but its size, so it would mark the whole heap anew for every 64 MB that come in:
 * that costs more than all the rest of reading.
 */

/** Below it belongs to a pool, or does not matter. */
const leastBytes = 4096;

/** Whoever still looks into it sees nothing. Does nothing where the memory has other parts. */
export function free(memory: Uint8Array): void {
  if (memory.byteLength === memory.buffer.byteLength) freeWhole(memory.buffer);
}

/** With all that is in it. */
export function freeWhole(memory: ArrayBufferLike): void {
  if (memory instanceof ArrayBuffer && memory.byteLength >= leastBytes) memory.transfer(0);
}
