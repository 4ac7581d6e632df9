import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("finds declarations that nothing uses", () => {
  expectMarked(`
type Order { id: string }
//   ^^^^^ warning FLOW9001: The type 'Order' is never used. Use it or take it away.
type Tree { children: [Tree] }
//   ^^^^ warning FLOW9001: The type 'Tree' is never used. Use it or take it away.
param path: string = "x"
//    ^^^^ warning FLOW9001: The param 'path' is never used. Use it or take it away.
fn twice(n: int): int = 2 * n
// ^^^^^ warning FLOW9001: The fn 'twice' is never used. Use it or take it away.
table teams { file { path: "teams.csv" } key data.id format csv }
//    ^^^^^ warning FLOW9001: The table 'teams' is never used. Use it or take it away.
source orders { stdin {} }
sink out from orders { stdout {} }
`);
});

it("lets a file without nodes declare for others", () => {
  expectMarked(`
type Order { id: string }
param path: string = "x"
fn twice(n: int): int = 2 * n
`);
});
