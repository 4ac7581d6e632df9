import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("wants to know when a chunk ends", () => {
  expectMarked(`
source orders { stdin {} }
chunk bulk from orders { key data.id }
//    ^^^^ error FLOW4013: Nothing ends the chunks of 'bulk'. Add 'size 500', 'bytes 1MiB', 'every 5s', 'end when …', 'start when …' or 'window'.
sink out from bulk { stdout {} }
`);
});

it("takes panes only from a window", () => {
  expectMarked(`
source orders { stdin {} }
window totals from orders { global emit { n: count() } }
step big from totals { filter data.n > 10 }
chunk a from big { window }
chunk b from orders { window }
//                    ^^^^^^ error FLOW4014: 'window' makes each pane of a window one chunk, but 'b' reads no window.
sink out from a, b { stdout {} }
`);
});

it("lets the sink see which chunk an event belongs to", () => {
  expectMarked(`
source orders { stdin {} }
chunk bulk from orders { size 500 }
step marked from bulk { set data.chunk = chunk.id }
sink out from marked { stdout {} }
`);
});
