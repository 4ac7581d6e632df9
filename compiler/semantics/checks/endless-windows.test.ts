import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("wants a trigger of a global window over an input without end", () => {
  expectMarked(`
source orders { http {} }
window totals from orders { global emit { n: count() } }
//                          ^^^^^^ error FLOW4008: 'totals' is one window for all time and 'orders' never ends, so nothing would ever come out. Add 'early every 10s' or 'early after 100'.
sink out from totals { stdout {} }
`);
});

it("is content with an end, a trigger or a count", () => {
  expectMarked(`
source some { generate { count: 10, data: { id: i } } }
source endless { generate { data: { id: i } } }
window a from some { global emit { n: count() } }
window b from endless { global early after 100 emit { n: count() } }
window c from endless { count 100 emit { n: count() } }
sink out from a, b, c { stdout {} }
`);
});
