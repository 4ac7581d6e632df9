/**
 * A map or record that a plain object cannot hold: keys that are not strings, integer-like names whose order must survive,
 * `__proto__`. `JSON.stringify` would write a Map as `{}`; this one stops it, so that the exact writer takes over.
 */

export class OrderedMap extends Map<unknown, unknown> {
  toJSON(): never {
    throw new TypeError("needs the exact JSON writer");
  }
}
