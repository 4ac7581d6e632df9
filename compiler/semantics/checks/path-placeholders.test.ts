/** Placeholders in a sink's path: known, and behind a chunk. */
import { expect, it } from "vitest";
import { pathParts } from "../../contract/path-template.ts";
import { expectMarked } from "../marked-text.ts";

it("takes the chunk and its key in a sink's path, behind steps too", () => {
  expectMarked(`
source orders { stdin {} }
chunk by_customer from orders {
  key data.customer
  size 500
}
step slim from by_customer { remove data.card }
sink out from slim { file { path: "out/{key}/{chunk}.ndjson" } }
sink literal from orders { file { path: "out/{{x}}.ndjson" } }
`);
});

it("names the placeholder that was meant, and asks for a brace to be doubled", () => {
  expectMarked(`
param folder: string = "a{b}"
source orders { stdin {} }
chunk bulk from orders { size 500 }
sink a from bulk { file { path: "out/{chunks}-{" } }
//                                   ^^^^^^^^ error FLOW2025: '{chunks}' is no placeholder of a path. Did you mean '{chunk}'? A path takes '{chunk}' and '{key}'; a brace itself is written '{{' or '}}'.
//                                            ^ error FLOW2025: '{' is no placeholder of a path. A path takes '{chunk}' and '{key}'; a brace itself is written '{{' or '}}'.
sink b from bulk { file { path: folder + "/x" } }
//                              ^^^^^^^^^^^^^ error FLOW2025: '{b}' is no placeholder of a path. A path takes '{chunk}' and '{key}'; a brace itself is written '{{' or '}}'.
`);
});

it("wants all inputs to be in chunks, and a key where one is asked for", () => {
  expectMarked(`
source orders { stdin {} }
chunk bulk from orders { size 500 }
window counts from bulk { global emit { n: count() } }
chunk whole from orders {
  size 5
  emit { n: count() }
}
sink a from orders { file { path: "a/{chunk}" } }
//                                   ^^^^^^^ error FLOW4020: The path of 'a' has '{chunk}', but 'orders' gives single events. Put a chunk before it: 'chunk bulk from … { size 500 }'.
sink b from bulk, orders { file { path: "b/{chunk}" } }
//                                         ^^^^^^^ error FLOW4020: The path of 'b' has '{chunk}', but 'orders' gives single events. Put a chunk before it: 'chunk bulk from … { size 500 }'.
sink c from bulk { file { path: "c/{key}" } }
//                                 ^^^^^ error FLOW4020: The path of 'c' has '{key}', but the chunks of 'bulk' have no key. Give 'bulk' a 'key', or write '{chunk}'.
sink d from counts { file { path: "d/{chunk}" } }
//                                   ^^^^^^^ error FLOW4020: The path of 'd' has '{chunk}', but 'counts' gives single events. Put a chunk before it: 'chunk bulk from … { size 500 }'.
sink e from whole { file { path: "e/{chunk}" } }
//                                  ^^^^^^^ error FLOW4020: The path of 'e' has '{chunk}', but 'whole' gives single events. Put a chunk before it: 'chunk bulk from … { size 500 }'.
sink f from bulk.errors { file { path: "f/{chunk}" } }
//                                        ^^^^^^^ error FLOW4020: The path of 'f' has '{chunk}', but 'bulk.errors' gives single events. Put a chunk before it: 'chunk bulk from … { size 500 }'.
`);
});

it("knows 'chunk' only where every input is in one", () => {
  expectMarked(`
source orders { stdin {} }
chunk bulk from orders { size 500 }
chunk again from bulk { every 5s }
step both from bulk, orders { set data.chunk = chunk.id }
//                                             ^^^^^ error FLOW2030: Nothing here is called 'chunk'. 'chunk' means something in the 'emit' of a chunk, and behind one that all inputs have gone through.
step all from bulk, again { set data.chunk = chunk.id }
window counts from bulk { global emit { n: count() } }
step late from counts { set data.chunk = chunk.id }
//                                       ^^^^^ error FLOW2030: Nothing here is called 'chunk'. 'chunk' means something in the 'emit' of a chunk, and behind one that all inputs have gone through.
sink out from both, all, late { stdout {} }
`);
});

it("cuts a path at its placeholders", () => {
  expect(pathParts("a{{b}}/{key}-{chunk}.x")).toEqual([
    { kind: "text", text: "a{b}/" },
    { kind: "placeholder", name: "key", start: 7, end: 12 },
    { kind: "text", text: "-" },
    { kind: "placeholder", name: "chunk", start: 13, end: 20 },
    { kind: "text", text: ".x" },
  ]);
});
