/** The values of clauses, compared with the catalogue. */
import { it } from "vitest";
import { expectMarked } from "./marked-text.ts";

it("checks the constants of clauses", () => {
  expectMarked(`
source a { stdin {} watermark 5 idle "30s" }
//                            ^ error FLOW3502: The delay lacks a unit: write '5s', '5ms', '5m', …
//                                   ^^^^^ error FLOW3501: The idle must be a duration such as '5s', not a string.
step b from a { sample 5 }
//                     ^ error FLOW3504: The fraction of 'sample' must be between 0 and 1.
window c from b { count 0 emit { n: count() } lateness -1s }
//                      ^ error FLOW3504: The count of 'count' must be greater than 0.
//                                            ^^^^^^^^ warning FLOW4019: 'lateness' does nothing in 'c': a window of 'count' gives its result with its last event, whatever the time.
//                                                     ^^^ error FLOW3504: The lateness of 'lateness' must be at least 0.
sink out from c { stdout {} retry 3 backoff 10s..1s replicas 10..2 }
//                                          ^^^^^^^ error FLOW3504: The backoff of 'retry' must be a range from the shorter to the longer.
//                                                           ^^^^^ error FLOW3504: The number of replicas must be a range from at least 0 up to at least 1, the smaller first.
`);
});

it("refuses a clause given twice and clauses that exclude each other", () => {
  expectMarked(`
source a { stdin {} watermark 5s watermark 6s }
//                               ^^^^^^^^^ error FLOW2011: 'watermark' is already given above. Keep one of the two.
window c from a { global count 100 emit { n: count() } }
//                       ^^^^^ error FLOW2020: 'count' cannot stand beside 'global': they exclude each other. Keep one.
sink out from c { stdout {} }
`);
});

it("refuses windows that lose events or contradict themselves", () => {
  expectMarked(`
source a { stdin {} time timestamp(data.at) }
window b from a { sliding 1m every 2m emit { n: count() } }
//                                 ^^ error FLOW3504: The every of 'sliding' must be at most the size: an event between two windows would be in none.
window c from a { fixed 1m offset 1m emit { n: count() } }
//                                ^^ error FLOW3504: The offset of 'fixed' must be less than the size.
window d from a { session 30s max 10s emit { n: count() } }
//                                ^^^ error FLOW3504: The max of 'session' must be at least the gap.
window e from a { sliding 1m every 1m emit { n: count() } }
sink out from b, c, d, e { stdout {} }
`);
});
