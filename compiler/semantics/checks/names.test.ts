import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("offers the name in small letters, wherever it is used", () => {
  expectMarked(`
source newOrders { stdin {} }
//     ^^^^^^^^^ error FLOW2004: 'newOrders' is no name: names have small letters, digits and '_', beginning with a letter and not ending in '_', at most 50 of them.
step Paid from newOrders { filter data.paid }
//   ^^^^ error FLOW2004: 'Paid' is no name: names have small letters, digits and '_', beginning with a letter and not ending in '_', at most 50 of them.
sink out_ from Paid { stdout {} }
//   ^^^^ error FLOW2004: 'out_' is no name: names have small letters, digits and '_', beginning with a letter and not ending in '_', at most 50 of them.
`);
});
