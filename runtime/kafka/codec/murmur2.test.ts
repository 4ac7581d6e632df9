/** Partitions of keys, held to what Kafka's own Java code gives. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { murmur2, partitionOf, partitionOfRange } from "./murmur2.ts";

/** Key in hex, `Utils.murmur2` of it, partition of 7; printed by `test/kafka/java/Records.java murmur2 40` with Kafka 4.4.0. */
const fromJava: readonly (readonly [key: string, hash: number, partition: number])[] = [
  ["", 275646681, 2],
  ["39", 415544963, 1],
  ["f8b9", 918580278, 0],
  ["9045c5", -495006343, 3],
  ["175f1001", 24046892, 2],
  ["eac32f7fcd", 1969193916, 4],
  ["5c6e62fc4e63", 1730869461, 6],
  ["0f7b6cdb79e551", 1499560865, 5],
  ["9c9cc7fcbd60ee73", -2047303953, 0],
  ["f48e683aec841b8524", 1600131674, 1],
  ["40d01ed7b7953fbe1ef9", 1326838149, 0],
  ["85e317f35eeec28d2cb7cf", 782276656, 0],
  ["1fc6621c8e5310b1750606c9", -177062983, 3],
  ["016a08da6d18a56015fb860e37", -569555470, 1],
  ["225f856885d6fbf2f726365a540e", 1170067937, 3],
  ["5e3f62febcb78eac5ca6db8f78f198", -1326840540, 5],
  ["4a1fda794e74fdcb3f3ba60c78daeb2b", 1327233933, 4],
  ["65cd0f95b7620d2a2d0febd9c788e4977c", 1142513209, 5],
  ["4116033d4c3037272edacba9509cc3f6ded2", -41930258, 3],
  ["9e5a8d3bbc94c4af753adc9d37eacb068791e0", 80649787, 1],
  ["fa5b9bbb7cf5633f045680ba8c4de0d663458402", -468174337, 1],
  ["540062b09d234b8a5d4233cc12c0b802ed63ac1fd1", -342300553, 2],
  ["15018a1bbdc3df1a1d356308f69903d9bffac2eee17a", -608035636, 4],
  ["c7c44e444149dfce1ba7ed8d3edc0609392e2e3a57b7c8", -107421422, 6],
  ["a2d3922486e7e8fbd6e7f50c23356d55c85e842150795a8f", 1132572237, 6],
  ["f439d40eeab63e5c80e3d67552ea3a6407c0cb779c28736205", 1785912073, 1],
  ["cfed6ecafe5712ca6b33b442d6ea9cc54e633095ed236558a148", -279998032, 3],
  ["018d7eb98c0f1d8aeb8168e2ae052f6ba4102e6cb370c36d3d1e35", -160566193, 5],
  ["8045fcb8b03c0228cb21acc0b383a12c1773c677f0ae3b906f81d1cc", 458428431, 6],
  ["52cee91858f1e33b49894729c48f5e4432644da220aca4e7432f2987a7", 152366424, 0],
  ["a9d854079b26564cc7d7838e2577eb9ea95df098d79a49df2af7047d2f1b", 635673105, 4],
  ["6667c1e793fe633e6ac57c0a8e02afcd3b66e8755d01e9cfb6640265141c48", 318220816, 4],
  ["cebad9ccdb57afaa336c555413949ba471484ba968e8fd67fdda86bb13e5647a", 452637808, 0],
  ["cb497eb4e2ac369c6bb70f88bebf35fdb74b3f00c15d6da096de1bf31ffe70966b", -314210847, 3],
  ["6c3a55921cc833a10b1625fadd6c902dc782d20a2142d87ddfbef65e61baf2e81076", -330810283, 3],
  ["96694f486bbe236f962684bdebeacdbebd6212452d11b1f9839fc0a5bad413d8ec953f", 1238748801, 3],
  ["c1e156ecfcc92d88324a726590746d099803f0f04af8ff9d2be15ff2740a762ce8e45903", 363003025, 0],
  ["0a67c51bb67328eb43df9395e32b0d8255e48d6374a229e54becacdd2a73861b2145c38625", 1846679194, 3],
  ["83aa30e684d919c0e64c49e27f52a164cf7cba4eca58439284ebc15f4034c7f481faf9692618", -1448573955, 6],
  ["63f53cbd8664cfd923de76df7c2d64f3dbb968e75e5f8256739cde4427821718d61bcb539adb5a", -220015156, 5],
];

describe("the hash of a key", () => {
  it.each(fromJava)("of %s is that of the Java client", (key, hash, partition) => {
    const bytes = Buffer.from(key, "hex");
    expect([murmur2(bytes), partitionOf(bytes, 7)]).toEqual([hash, partition]);
  });

  it("is that of the examples in Kafka's own tests", () => {
    const examples = {
      "21": -973932308,
      foobar: -790332482,
      "a-little-bit-long-string": -985981536,
      "a-little-bit-longer-string": -1486304829,
      lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
    };
    for (const [key, hash] of Object.entries(examples)) expect(murmur2(Buffer.from(key))).toBe(hash);
  });
});

describe("the partition of a key", () => {
  it("is the same for a text, its bytes and a range of more bytes", () => {
    const text = fc.string({ unit: "binary", maxLength: 400 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 500 }), fc.nat(9), (key, partitions, before) => {
        const bytes = Buffer.from(key);
        const more = Buffer.concat([Buffer.alloc(before, 1), bytes, Buffer.alloc(5, 2)]);
        const expected = partitionOf(bytes, partitions);
        expect(partitionOf(key, partitions)).toBe(expected);
        expect(partitionOfRange(more, before, before + bytes.length, partitions)).toBe(expected);
        expect(expected).toBeGreaterThanOrEqual(0);
        expect(expected).toBeLessThan(partitions);
      }),
    );
  });
});
