/**
 * One record batch (version 2) while it is filled: records are written straight into its memory, which is used again after `reset`.
 * Source: https://kafka.apache.org/documentation/#recordbatch
 */
export interface BatchWriter {
  /** Records in it. */
  readonly count: number;
  /** Encoded, not compressed, head included. */
  readonly sizeBytes: number;
  /**
   * Adds a record. Texts are written as UTF-8. `null` is no key, or a tombstone.
   * @param headers encoded as in the record: the bytes from the header count on. Absent: none
   */
  add(
    key: string | Uint8Array | null,
    value: string | Uint8Array | null,
    timestampMs: number,
    headers?: Uint8Array,
  ): void;
  /** The same, of a record that came: copies ranges of bytes. `from` up to `to`; −1 is null. */
  addRange(
    source: Uint8Array,
    keyFrom: number,
    keyTo: number,
    valueFrom: number,
    valueTo: number,
    headersFrom: number,
    headersTo: number,
    timestampMs: number,
  ): void;
  /** Empty again. Only when nobody sends it any more. */
  reset(): void;
}
