/** What a `kafka` clause takes. */
import { it } from "vitest";
import { expectMarked } from "./marked-text.ts";

it("takes keys of any type that can be compared, partitions that are ints, headers that are strings, tombstones that are conditions", () => {
  expectMarked(`
pipeline p { kafka { brokers: ["k:9092"] } }
type Order { id: string, n: int, price: double, tags: [string] }
source s: Order { kafka { topic: "in" } }
sink a from s { kafka { topic: "a", key: data.id, headers: { kind: "x", "trace-id": data.id }, partition: data.n, tombstone: data.n == 0 } }
sink b from s { kafka { topic: "b", key: [data.id, string(data.n)] } }
sink c from s { kafka { topic: "c", key: event.?partitionkey.orValue("none") } }
sink d from s { kafka { topic: "d", partition: data.id } }
//                                             ^^^^^^^ error FLOW3007: 'partition' must be int, not string.
sink e from s { kafka { topic: "e", headers: { n: data.n } } }
//                                           ^^^^^^^^^^^^^ error FLOW3007: 'headers' must be {string: string}, not { n: int }.
sink f from s { kafka { topic: "f", tombstone: data.n } }
//                                             ^^^^^^ error FLOW3007: 'tombstone' must be bool, not int. Compare it: '… != 0'.
`);
});

it("takes 'tls' as a condition or as certificates by secret", () => {
  expectMarked(`
pipeline p { kafka { brokers: ["k:9092"], tls: { ca: secret("kafka", "ca") } } }
source s { kafka { topic: "in", tls: true } }
source t { kafka { topic: "more", tls: { cert: secret("a", "b"), key: secret("a", "c") } } }
source u { kafka { topic: "other", tls: "yes" } }
//                                      ^^^^^ error FLOW3501: 'tls' must be true, false or a record of options, not a string.
source v { kafka { topic: "last", tls: { cert: secret("a", "b"), ky: secret("a", "c") } } }
//                                                               ^^ error FLOW2008: There is no option 'ky' in 'tls'. It takes 'ca', 'cert', 'key'.
sink o from s, t, u, v { stdout {} }
`);
});

it("says what tombstones and starts there are", () => {
  expectMarked(`
source s { kafka { brokers: ["k:9092"], topic: "in", tombstones: "skp" } }
//                                                               ^^^^^ error FLOW2019: 'skp' is not a choice for 'tombstones': 'events', 'skip'. Did you mean 'skip'?
sink o from s { stdout {} }
`);
});
