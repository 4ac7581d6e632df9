/** FLOW4005, FLOW4016, FLOW4017: joins that cannot be made. */
import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("needs two inputs with names", () => {
  expectMarked(`
source a { stdin {} }
source b { file { path: "b.ndjson" } }
window one from a as x { global join x.data.id == x.data.other emit { id: x.data.id } }
//                              ^^^^ error FLOW4005: 'one' cannot join: there is one input. A join reads two inputs, each with a name: 'from orders as o, payments as p'.
window two from a, b { global join data.id == data.other emit { id: data.id } }
//                            ^^^^ error FLOW4005: 'two' cannot join: the inputs have no names. A join reads two inputs, each with a name: 'from orders as o, payments as p'.
sink out from one, two { stdout {} }
`);
});

it("needs a join clause for inputs with names", () => {
  expectMarked(`
source a { stdin {} }
source b { file { path: "b.ndjson" } }
step two from a as x, b as y { filter data.id != 0 }
//                 ^ error FLOW4005: A step joins nothing, so its inputs need no names. A join reads two inputs, each with a name: 'from orders as o, payments as p'.
sink out from two { stdout {} }
`);
});

it("says once that the names are missing, or are too many", () => {
  expectMarked(`
source a { stdin {} }
source b { file { path: "b.ndjson" } }
window one from a, b { global join a.data.id == b.data.other emit { id: a.data.id } }
//                            ^^^^ error FLOW4005: 'one' cannot join: the inputs have no names. A join reads two inputs, each with a name: 'from orders as o, payments as p'.
window two from a as x, b as y { global emit { id: x.data.id, other: last(data.other) } }
//                   ^ error FLOW4005: 'two' has named inputs but no 'join' clause. A join reads two inputs, each with a name: 'from orders as o, payments as p'.
step three from a as x { filter x.data.id == 1 }
//                   ^ error FLOW4005: A step joins nothing, so its inputs need no names. A join reads two inputs, each with a name: 'from orders as o, payments as p'.
sink out from one, two, three { stdout {} }
`);
});

it("types the key by what is equal", () => {
  expectMarked(`
type T { id: string, n: int, d: double }
source a: T { stdin {} }
source b: T { file { path: "b.ndjson" } }
fn same(x: T, y: T): bool = x.id == y.id && x.n == y.n
window one from a as x, b as y { global join (x.data.id == y.data.id) && x.data.n > y.data.n emit { up: key.upperAscii(), no: key + 1 } }
//                                                                                                                            ^^^^^^^ error FLOW3003: '+' does not work on string and int. Convert the other one: 'string(…)'.
window two from a as x, b as y { global join x.data.id == y.data.id && y.data.n == x.data.n emit { id: key[0], n: key[1] } }
window three from a as x, b as y { global join x.data.n == y.data.d emit { n: key } }
window four from a as x, b as y { global join same(x.data, y.data) emit { n: key } }
step f from one { filter data.up == "A" }
sink out from f, two, three, four { stdout {} }
`);
});

it("types both sides, the second as an optional in a left join", () => {
  expectMarked(`
type Order { id: string }
type Payment { order_id: string, amount: double }
source orders: Order { stdin {} }
source payments: Payment { file { path: "payments.ndjson" } }
window pairs from orders as o, payments as p {
  global
  join o.data.id == p.data.order_id left
  emit { id: o.data.id, amount: p.data.amount.orValue(0.0), wrong: o.data.amount }
//                                                                        ^^^^^^ error FLOW3002: 'o.data' (Order) has no field 'amount'. It has 'id'.
}
sink out from pairs { stdout {} }
`);
});
