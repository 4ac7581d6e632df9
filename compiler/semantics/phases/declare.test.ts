import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("refuses a second declaration of a name", () => {
  expectMarked(`
type Order { id: string }
type Order { id: int }
//   ^^^^^ error FLOW2003: There is already a type 'Order'. Give one of them another name.
param orders: string = "x"
source orders: Order { file { path: orders } }
//     ^^^^^^ error FLOW2003: 'orders' is already the name of a param. Give one of them another name.
sink out from orders { stdout {} }
`);
});

it("refuses names that mean something else", () => {
  expectMarked(`
param event: string = "x"
//    ^^^^^ error FLOW2005: 'event' cannot be declared: it means something in every expression. Choose another name.
type string { id: string }
//   ^^^^^^ error FLOW2005: 'string' cannot be declared: it is a type of the language. Choose another name.
source watermark { file { path: event } }
//     ^^^^^^^^^ error FLOW2005: 'watermark' cannot be declared: it begins a statement of a test. Choose another name.
sink out from watermark { stdout {} }
`);
});

it("refuses nodes that would have one name in Kubernetes", () => {
  expectMarked(`
source in_a { stdin {} }
sink out_a from in_a { stdout {} }
sink out__a from in_a { log {} }
//   ^^^^^^ error FLOW2006: 'out__a' and 'out_a' would both be 'out-a' in Kubernetes and Kafka. Rename one.
`);
});
