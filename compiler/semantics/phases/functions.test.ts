import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("refuses functions that call themselves, by way of others too", () => {
  expectMarked(`
fn even(n: int): bool = n == 0 || odd(n - 1)
// ^^^^ error FLOW3032: Functions are written out where they are called, so none may call itself: even → odd → even.
fn odd(n: int): bool = n != 0 && even(n - 1)
source orders { stdin {} }
step some from orders { filter even(data.n) }
sink out from some { stdout {} }
`);
});

it("checks a body that nothing calls", () => {
  expectMarked(`
fn domain(email: string): string = emial.split("@")[1]
//                                 ^^^^^ error FLOW2030: Nothing here is called 'emial'. Did you mean 'email'?
fn count_of(list: [any]): int = "many"
//                              ^^^^^^ error FLOW3033: 'count_of' is declared to give int, but this is string.
source orders { stdin {} }
step some from orders { set data.domain = domain(data.email) set data.n = count_of(data.list) }
sink out from some { stdout {} }
`);
});
