import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("names a circle of nodes once", () => {
  expectMarked(`
source orders { stdin {} }
step a from orders, c { filter data.paid }
step b from a { filter data.open }
//          ^ error FLOW4001: These nodes read each other in a circle: a ← c ← b ← a. Take one of the inputs away.
step c from b { filter data.late }
sink out from c { stdout {} }
`);
});

it("refuses to read from sinks, tables and things that are no nodes", () => {
  expectMarked(`
param name: string = "x"
table teams { file { path: name } key data.id }
source orders { stdin {} }
sink out from orders { stdout {} }
sink a from out { log {} }
//          ^^^ error FLOW4006: 'out' cannot be read: it is a sink, where events leave; only its '.errors' can be read.
sink b from teams { log {} }
//          ^^^^^ error FLOW4006: 'teams' cannot be read: it is a table; look its rows up with 'teams[key]' in an expression.
sink c from name { log {} }
//          ^^^^ error FLOW4006: 'name' cannot be read: it is a param.
sink d from out.errors { log {} }
`);
});

it("knows which outputs a node has", () => {
  expectMarked(`
source orders { stdin {} }
step paid from orders { filter data.paid }
window totals from paid { global emit { n: count() } }
sink out from totals { stdout {} }
sink a from paid.late { log {} }
//               ^^^^ error FLOW4004: The step 'paid' has no output 'late'. It has 'paid.errors'.
sink b from totals.late { log {} }
sink c from paid.error { log {} }
//               ^^^^^ error FLOW4004: The step 'paid' has no output 'error'. It has 'paid.errors'. Did you mean 'errors'?
`);
});
