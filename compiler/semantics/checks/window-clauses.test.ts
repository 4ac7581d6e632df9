/** FLOW4018, FLOW4019: windows that would be too many, and clauses that do nothing. */
import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("refuses a sliding window that puts each event into more windows than can be kept", () => {
  expectMarked(`
source some { memory {} time timestamp(data.at) }
window a from some { sliding 1d every 1ms emit { n: count() } }
//                   ^^^^^^^ error FLOW4018: Each event would be in 86400000 windows of 'a'; the limit is 20000. Let them begin less often, or make them shorter.
window b from some { sliding 7d every 1m emit { n: count() } }
sink out from a, b { stdout {} }
`);
});

it("says which clauses do nothing", () => {
  expectMarked(`
source some { memory {} time timestamp(data.at) }
window a from some { count 10 lateness 1h emit { n: count() } }
//                            ^^^^^^^^ warning FLOW4019: 'lateness' does nothing in 'a': a window of 'count' gives its result with its last event, whatever the time.
window b from some { global late after 1 emit { n: count() } }
//                          ^^^^ warning FLOW4019: 'late' does nothing in 'b': a 'global' window ends with its input, so nothing is late for it.
window c from some { fixed 1m late after 1 emit { n: count() } }
//                            ^^^^ warning FLOW4019: 'late' does nothing in 'c': without 'lateness' no event is taken after the window's end.
window d from some { fixed 1m lateness 1h late after 1 emit { n: count() } }
sink out from a, b, c, d { stdout {} }
`);
});
