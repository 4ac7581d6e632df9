/** The requests that kafkajs does not know are written and read as Kafka's protocol has them; no answer does harm. */
import fc from "fast-check";
import type { ProtocolCall } from "kafkajs/src/network/connectionPool.js";
import { describe, expect, it } from "vitest";
import { committedCall, fetchCall, produceCall, transactionOffsetsCall } from "./wire.ts";

const at = { topic: "t", partition: 1 };
const generation = { group: "g", generation: 7, member: "m" };
const calls = {
  fetch: fetchCall({
    isReadCommitted: true,
    maxWaitMs: 100,
    maxBytes: 1_000,
    partitionMaxBytes: 500,
    from: [{ ...at, offset: 5 }],
  }),
  produce: produceCall("x", 15_000, [{ ...at, bytes: Buffer.from("batch") }]),
  committed: committedCall("g", [at], true),
  offsets: transactionOffsetsCall("x", { id: 9n, epoch: 2 }, generation, [{ ...at, offset: 5 }]),
};

const written = async (call: ProtocolCall<unknown>) => (await call.request.encode()).buffer.toString("hex");

describe("requests are written", () => {
  it("with lengths of 16 and 32 bits: Produce 7", async () => {
    expect(await written(calls.produce)).toBe(
      [
        "0001",
        "78",
        "ffff",
        "00003a98",
        "00000001",
        "0001",
        "74",
        "00000001",
        "00000001",
        "00000005",
        "6261746368",
      ].join(""),
    );
  });

  it("with short lengths and tags, also behind the head: TxnOffsetCommit 3 with the generation", async () => {
    const offsets = ["02", "0274", "02", "00000001", "0000000000000005", "ffffffff", "00", "00", "00"];
    expect(await written(calls.offsets)).toBe(
      ["00", "0278", "0267", "0000000000000009", "0002", "00000007", "026d", "00", ...offsets, "00"].join(""),
    );
  });

  it("of any size", async () => {
    const bytes = Buffer.alloc(100_000, "x");
    const many = [...Array(300).keys()].map((partition) => ({ topic: "t".repeat(249), partition, bytes }));
    const { buffer } = await produceCall(undefined, 1, many).request.encode();
    expect(buffer.length).toBe(2 + 2 + 4 + 4 + 2 + 249 + 4 + 300 * (8 + 100_000));
  });
});

describe("answers are read", () => {
  it("with the codes of each partition", async () => {
    const answer = Buffer.from(`00000001${"000174"}00000001${"00000001"}0006${"00".repeat(24)}00000000`, "hex");
    expect(await calls.produce.response.decode(answer)).toEqual([{ ...at, errorCode: 6 }]);
  });

  it.each(Object.entries(calls))(
    "without harm, whatever their bytes are: %s",
    async (_name, call: ProtocolCall<unknown>) => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          const outcome = await call.response.decode(Buffer.from(bytes)).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(RangeError);
        }),
        { numRuns: 500 },
      );
    },
  );
});
