/** What stands in for Node in a web worker gives what Node gives. */
import { Buffer as NodeBuffer, isAscii as nodeIsAscii, isUtf8 as nodeIsUtf8 } from "node:buffer";
import * as crypto from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Buffer, isAscii, isUtf8 } from "./buffer.ts";
import { createHash } from "./digests.ts";

const bytes = fc.uint8Array({ maxLength: 200 });
const text = fc.string({ unit: "binary", maxLength: 100 });
const from = (source: string, encoding: string) => Buffer.make(source, encoding);

describe("bytes", () => {
  it("become text and come back as in Node, in every encoding that the engine uses", () => {
    fc.assert(
      fc.property(bytes, text, (some, words) => {
        const [ours, nodes] = [Buffer.make(some), NodeBuffer.from(some)];
        for (const encoding of ["utf8", "latin1", "base64", "hex"] as const) {
          expect(ours.toString(encoding)).toBe(nodes.toString(encoding));
          expect([...from(nodes.toString(encoding), encoding)]).toEqual([
            ...NodeBuffer.from(nodes.toString(encoding), encoding),
          ]);
        }
        expect(from(words, "utf16le").toString("utf16le")).toBe(words.isWellFormed() ? words : words.toWellFormed());
        expect([...from(words, "utf8")]).toEqual([...NodeBuffer.from(words, "utf8")]);
        expect(Buffer.byteLength(words)).toBe(NodeBuffer.byteLength(words));
        expect([isUtf8(some), isAscii(some)]).toEqual([nodeIsUtf8(some), nodeIsAscii(some)]);
      }),
    );
  });

  it("have an order", () => {
    fc.assert(fc.property(bytes, bytes, (a, b) => Buffer.compare(a, b) === NodeBuffer.compare(a, b)));
  });

  it("hold doubles, and parts of them share their memory", () => {
    const all = Buffer.alloc(16);
    expect(all.subarray(4).writeDoubleLE(-1.5, 2)).toBe(10);
    expect(all.readDoubleLE(6)).toBe(-1.5);
    const target = Buffer.alloc(4);
    expect([all.copy(target, 1, 12), [...target]]).toEqual([3, [0, 0xf8, 0xbf, 0]]);
  });
});

it("digests are those of Node", () => {
  fc.assert(
    fc.property(bytes, fc.constantFrom("sha1" as const, "sha256" as const), (some, name) => {
      expect(createHash(name).update(some).digest("hex")).toBe(crypto.createHash(name).update(some).digest("hex"));
    }),
  );
});
