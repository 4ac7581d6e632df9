/** Test blocks, checked against the graph. */
import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("checks names, events and expectations", () => {
  expectMarked(`
type Order { id: string, qty: int, at: timestamp, note?: string }
source orders: Order { stdin {} time data.at }
step big from orders { filter data.qty > 1 map { id: data.id, n: data.qty } }
sink out from big { stdout {} }
test "t" {
  orders at 0s { id: "a", qty: 2 }
  orders at 1s { id: "b", qty: "2", note: null }
//                             ^^^ error FLOW3508: 'qty' must be int, not string.
  orders at 1s { id: "b" }
//             ^^^^^^^^^^^ error FLOW3508: An event of 'orders': 'qty' must be int, not left out.
  ordrs at 1s { id: "b", qty: 1 }
//^^^^^ error FLOW2001: Nothing here is called 'ordrs'. Did you mean 'orders'?
  watermark 61s
  expect big [{ id: "a", m: 2 } { id: "a", n: "2" }]
//                       ^ warning FLOW3509: Nothing says that 'big' gives a field 'm'.
//                                            ^^^ error FLOW3508: 'n' must be int, not string.
  expect out.errors [{ reason: "x" }]
  expect big.late []
//           ^^^^ error FLOW4004: The step 'big' has no output 'late'. It has 'big.errors'.
  expect nothing from bigg
//                    ^^^^ error FLOW2001: Nothing here is called 'bigg'. Did you mean 'big'?
}
`);
});

it("knows that what a window takes back says so", () => {
  expectMarked(`
type T { t: int }
source a: T { stdin {} time timestampMillis(data.t) }
window w from a { fixed 1m early after 1 panes retract emit { n: count() } }
window plain from a { fixed 1m emit { n: count() } }
step kept from w { filter data.n > 0 }
sink out from kept, plain { stdout {} }
test "t" {
  expect w [{ n: 1, retracted: true }]
  expect kept [{ n: 1, retracted: true }]
  expect plain [{ n: 1, retracted: true }]
//                      ^^^^^^^^^ warning FLOW3509: Nothing says that 'plain' gives a field 'retracted'.
}
`);
});

it("checks the rows of tables", () => {
  expectMarked(`
type Team { id: string, name: string }
table teams: Team { file { path: "teams.ndjson" } key data.id }
source orders { stdin {} }
step named from orders { set data.team = teams[data.team].?name.orValue("none") }
sink out from named { stdout {} }
test "t" {
  table teams [{ id: "a", name: 1 }]
//                              ^ error FLOW3508: 'name' must be string, not int.
  orders at 0s { team: "a" }
  expect named [{ team: "x" }]
}
`);
});

it("takes the words that a type allows, and no others", () => {
  expectMarked(`
type Order { id: string, side: "buy" | "sell", level?: 1 | 2 }
source orders: Order { stdin {} }
sink out from orders { stdout {} }
test "t" {
  orders at 0s { id: "a", side: "buy", level: 2 }
  orders at 0s { id: "a", side: "by" }
//                              ^^^^ error FLOW3508: 'side' must be "buy" | "sell", not string.
  expect orders [{ side: "sell" }]
}
`);
});

it("lets an event leave out what the time clause reads, however deep, and nothing else", () => {
  expectMarked(`
type Author { name: string, when: { date: timestamp, zone?: string } }
type Commit { id: string, author: Author }
source commits: Commit { stdin {} time timestamp(data.author.when.date) }
sink out from commits { stdout {} }
test "t" {
  commits at 0s { id: "a", author: { name: "x" } }
  commits at 0s { id: "a", author: { name: "x", when: { zone: "UTC" } } }
  commits at 0s { id: "a" }
//              ^^^^^^^^^^^ error FLOW3508: An event of 'commits': 'author' must be Author, not left out.
  commits at 0s { id: "a", author: { when: {} } }
//                                 ^^^^^^^^^^^^ error FLOW3508: 'author': 'name' must be string, not left out.
}
`);
});
