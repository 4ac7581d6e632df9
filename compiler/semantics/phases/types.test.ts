import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("names the nearest type for an unknown one, and the word of another language", () => {
  expectMarked(`
type Order { id: strin, qty: number, lines: [Lin], meta: {string: any} }
//               ^^^^^ error FLOW2002: There is no type 'strin'. Did you mean 'string'?
//                           ^^^^^^ error FLOW2002: There is no type 'number'. Did you mean 'double'?
//                                           ^^^ error FLOW2002: There is no type 'Lin'. Did you mean 'Line'?
type Line { sku: string }
source orders: Ordre { stdin {} }
//             ^^^^^ error FLOW2002: There is no type 'Ordre'. Did you mean 'Order'?
source lines: Line { file { path: "x" } }
sink out from orders, lines { stdout {} }
`);
});

it("lets types be recursive through records, not through names alone", () => {
  expectMarked(`
type Tree { value: int, children: [Tree] }
type A B
//   ^ error FLOW3506: The type 'A' is defined only by itself: A → B → A. Put a record or a list in between.
type B A
source trees: Tree { stdin {} }
source as: A { file { path: "x" } }
step deep from trees { filter data.children[0].children[0].valu > 0 }
//                                                         ^^^^ error FLOW3002: This (Tree) has no field 'valu'. Did you mean 'value'?
sink out from deep, as { stdout {} }
`);
});
