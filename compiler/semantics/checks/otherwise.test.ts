import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("needs a 'where' beside an 'otherwise'", () => {
  expectMarked(`
source orders { stdin {} }
sink paid from orders { stdout {} }
sink rest from orders otherwise { log {} }
//                    ^^^^^^^^^ error FLOW4003: 'otherwise' takes what no 'where' took, but no other reader of 'orders' has a 'where'.
`);
});

it("is content with a 'where' of any other reader", () => {
  expectMarked(`
source orders { stdin {} }
sink paid from orders where data.paid { stdout {} }
step rest from orders otherwise { filter data.total > 10 }
sink out from rest { log {} }
`);
});
