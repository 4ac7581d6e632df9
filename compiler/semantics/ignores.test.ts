import { it } from "vitest";
import { expectMarked } from "./marked-text.ts";

it("silences the next line, or its own", () => {
  expectMarked(`
// flow-ignore FLOW9001: used tomorrow
/// An order.
type Order { id: string }
type Line { id: string } // flow-ignore FLOW9001: used tomorrow
source orders { stdin {} }
sink out from orders { stdout {} }
`);
});

it("warns of one that ignores nothing, has no reason, or no such code", () => {
  expectMarked(`
// flow-ignore FLOW9001
//             ^^^^^^^^ warning FLOW9004: Say why: '// flow-ignore FLOW9001: because …'.
type Order { id: string }
// flow-ignore FLOW4002: nothing of the kind
//             ^^^^^^^^ warning FLOW9003: There is no FLOW4002 on that line. Take the 'flow-ignore FLOW4002' away.
// flow-ignore FLOW404: unknown
//             ^^^^^^^ warning FLOW9005: There is no diagnostic 'FLOW404'. Did you mean 'FLOW4004'?
// flow-ignore FLOW2001: an error
//             ^^^^^^^^ warning FLOW9003: FLOW2001 is an error, and errors cannot be ignored. Take the 'flow-ignore FLOW2001' away.
source orders { stdin {} }
sink out from orders { stdout {} }
`);
});
