import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("names sinks and sources that cannot", () => {
  expectMarked(`
pipeline copy { delivery exactly_once }
source orders { http {} }
//              ^^^^ warning FLOW5004: 'delivery exactly_once' ends at the source 'orders': 'http' cannot be read again after a crash, so events under way may be lost or come twice.
sink out from orders { stdout {} }
//                     ^^^^^^ error FLOW5003: 'delivery exactly_once' is not possible with the sink 'out': 'stdout' cannot take back what was written. Use at_least_once, or another sink.
sink kept from orders { file { path: "kept.ndjson" } }
`);
});
