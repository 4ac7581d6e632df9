/** Which nodes may be read, and which of their outputs. */
import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("asks for the inputs of a step without any", () => {
  expectMarked(`
source orders { stdin {} }
sink out from orders { stdout {} }
step lost { filter data.x }
//   ^^^^ error FLOW4011: The step 'lost' reads nothing. Say what: 'step lost from …'.
`);
});

it("refuses inputs of a source, and types that follow from what is read", () => {
  expectMarked(`
type Order { id: string }
source orders: Order { stdin {} }
source more from orders { stdin {} }
//               ^^^^^^ error FLOW4012: The source 'more' cannot have inputs: it reads from outside.
step paid: Order from more { filter data.paid }
//         ^^^^^ error FLOW4012: The step 'paid' cannot have a type of its own: it follows from what it reads and does, as no 'process', 'container' or 'code' answers here.
chunk bulk: Order from paid { size 5 }
//          ^^^^^ error FLOW4012: The chunk 'bulk' cannot have a type of its own: it follows from what it reads.
sink out: Order from bulk { stdout {} }
//        ^^^^^ error FLOW4012: The sink 'out' cannot have a type of its own: it follows from what it reads.
`);
});

it("says nothing of a step's type where its user code is misspelt", () => {
  expectMarked(`
type Order { id: string }
source orders: Order { stdin {} }
step scored: Order from orders { proces { command: ["./score"] } }
//                               ^^^^^^ error FLOW1016: \`proces\` is no clause of a step. Did you mean 'process'?
sink out from scored { stdout {} }
`);
});

it("warns of an input that is given twice", () => {
  expectMarked(`
source orders { stdin {} }
sink out from orders, orders { stdout {} }
//                    ^^^^^^ warning FLOW4010: 'out' reads 'orders' twice, so it gets every event twice. Take one away, or give each a 'where'.
sink both from orders where data.a, orders where data.b { log {} }
`);
});
