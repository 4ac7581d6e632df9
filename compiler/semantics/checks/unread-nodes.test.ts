import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("names a step that nothing reads", () => {
  expectMarked(`
source orders { stdin {} }
step paid from orders { filter data.paid }
//   ^^^^ warning FLOW4002: Nothing reads the step 'paid', so its events go nowhere. Read it in a sink, or take it away.
sink out from orders { stdout {} }
`);
});

it("takes no reader of errors for a reader", () => {
  expectMarked(`
source orders { stdin {} }
//     ^^^^^^ warning FLOW4002: Nothing reads the source 'orders', so its events go nowhere. Read it in a sink, or take it away.
sink bad from orders.errors { stdout {} }
`);
});

it("says nothing of a node whose name was nearly written", () => {
  expectMarked(`
source orders { stdin {} }
step paid from orders { filter data.paid }
sink out from piad { stdout {} }
//            ^^^^ error FLOW2001: Nothing here is called 'piad'. Did you mean 'paid'?
`);
});
