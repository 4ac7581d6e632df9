/** The present record as data of the format `bytes`. */
import { bytesOf } from "../expr/values/bytes.ts";
import type { Current } from "./current.ts";
import { bytesOfValue } from "./record-view.ts";

export function currentBytes(current: Current): () => unknown {
  return () => {
    const { bytes, records, record, text } = current;
    if (bytes !== undefined) return bytesOf(bytes);
    if (records === undefined || text !== "") return bytesOf(new TextEncoder().encode(text));
    // A copy: it may outlive the block.
    return current.isNull ? null : bytesOf(Uint8Array.from(bytesOfValue(records, record) ?? []));
  };
}
