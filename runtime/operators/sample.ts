/** `sample fraction`: keeps a share of the events, the same ones every run: chosen by a hash of the event's id. */
import type { EmitOperator } from "./operator.ts";

export const emitSample: EmitOperator<"sample"> = ({ fraction }, step) => {
  const { code, services } = step;
  const limit = Math.min(Math.max(fraction, 0), 1) * 2 ** 32;
  code.line(`if (${code.bind(hash32)}(${services.eventId}) >= ${limit}) ${step.drop()}`);
};

/** FNV-1a over UTF-16 units, then MurmurHash3's finalizer, which spreads ids that differ only in their last digits. 0 … 2^32-1. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
