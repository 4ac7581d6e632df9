/** The checksum of batches. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32c, crc32cByTables } from "./crc32c.ts";

describe("CRC-32C", () => {
  it("of the check value of its definition is e3069283", () => {
    expect(crc32c(Buffer.from("123456789")).toString(16)).toBe("e3069283");
  });

  it("is the same by tables and native, whole or in two parts", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
        const whole = crc32c(bytes);
        expect(crc32cByTables(bytes)).toBe(whole);
        expect(crc32cByTables(bytes.subarray(cut), crc32cByTables(bytes.subarray(0, cut)))).toBe(whole);
      }),
    );
  });
});
