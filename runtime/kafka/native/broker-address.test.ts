/** Addresses of brokers, as they are written. */
import { describe, expect, it } from "vitest";
import { nameOf, parseAddress } from "./broker-address.ts";

describe("the address of a broker", () => {
  it("is a host and a port, the port 9092 where none is given", () => {
    expect(["kafka:1234", "kafka", "10.0.0.1:1", "[::1]:9093", "[fe80::1]"].map(parseAddress)).toEqual([
      { host: "kafka", port: 1234 },
      { host: "kafka", port: 9092 },
      { host: "10.0.0.1", port: 1 },
      { host: "::1", port: 9093 },
      { host: "fe80::1", port: 9092 },
    ]);
  });

  it("is written as it was read", () => {
    expect(["kafka:1234", "[::1]:9093"].map((text) => nameOf(parseAddress(text)))).toEqual([
      "kafka:1234",
      "[::1]:9093",
    ]);
  });

  it("is nothing else", () => {
    for (const text of ["", ":9092", "a:b", "a:1:2", "kafka:99999", "kafka:0", "kafka://host:1"])
      expect(() => parseAddress(text)).toThrow(/is no address of a broker/);
  });
});
