/** FLOW4021: chunks that keep the senders of an http source waiting. */
import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("warns of a chunk that may never be full while senders wait for their answers", () => {
  expectMarked(`
source orders { http { port: 8080 } }
step paid from orders { filter data.paid }
chunk bulk from paid { size 500 }
//                     ^^^^ warning FLOW4021: Whoever sends to 'orders' waits for an answer until the chunk of 'bulk' is full. Give it 'every' as well.
chunk soon from paid { size 500 every 1s }
window totals from paid { count 10 emit { n: count() } }
chunk minutes from totals { size 60 }
sink out from bulk, soon, minutes { stdout {} }
`);
});
