/** Options of programs, and code in the file. */
import { expect, it } from "vitest";
import { memoryHost } from "../../source/host.ts";
import { check } from "../check.ts";
import { expectMarked } from "../marked-text.ts";

it("takes the options of each way to speak to a program", () => {
  expectMarked(`
source orders { stdin {} }
step a from orders { process { command: ["a"], url: "unix:", ready: "/up", mode: structured, concurrency: 1000 } }
step b from a { process { command: ["b"], io: file, folder: "shared", concurrency: 1 } }
step c from b { process { command: ["c"], io: socket, frames: length, timeout: 1m, grace: 500ms } }
step d from c { container "d" { url: "https://d:8443/in", ready: "/" } }
step e from d { container "e" { url: "unix:/run/e.sock" } }
sink out from e { stdout {} }
`);
});

it("refuses an option that does not fit the way to speak to a program", () => {
  expectMarked(`
source orders { stdin {} }
step a from orders { process { command: ["a"], frames: lines } }
//                                             ^^^^^^^^^^^^^ error FLOW5013: 'frames' belongs to 'io: socket', and 'io' is 'http' here. Take it away, or change 'io'.
step b from a { process { command: ["b"], io: stdio, concurrency: 2, url: "http://localhost:1" } }
//                                                   ^^^^^^^^^^^^^^ error FLOW5013: 'concurrency' belongs to 'io: http' or 'io: file', and 'io' is 'stdio' here. Take it away, or change 'io'.
//                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^ error FLOW5013: 'url' belongs to 'io: http', and 'io' is 'stdio' here. Take it away, or change 'io'.
step c from b { container "c" { io: fifo, ready: "/up", mode: binary, folder: "x" } }
//                                        ^^^^^^^^^^^^ error FLOW5013: 'ready' belongs to 'io: http', and 'io' is 'fifo' here. Take it away, or change 'io'.
//                                                      ^^^^^^^^^^^^ error FLOW5013: 'mode' belongs to 'io: http', and 'io' is 'fifo' here. Take it away, or change 'io'.
//                                                                    ^^^^^^^^^^^ error FLOW5013: 'folder' belongs to 'io: file', and 'io' is 'fifo' here. Take it away, or change 'io'.
sink out from c { stdout {} }
`);
});

it("refuses values that make no sense", () => {
  expectMarked(`
source orders { stdin {} }
step a from orders { process { command: [], timeout: 0s, grace: -(1s) } }
//                                      ^^ error FLOW3504: 'command' must be a list that begins with the name of a program.
//                                                   ^^ error FLOW3504: 'timeout' must be greater than 0.
//                                                              ^^^^^ error FLOW3504: 'grace' must be greater than 0.
step b from a { process { command: [""], concurrency: 0, ready: "up" } }
//                                 ^^^^ error FLOW3504: 'command' must be a list that begins with the name of a program.
//                                                    ^ error FLOW3504: 'concurrency' must be between 1 and 1000.
//                                                              ^^^^ error FLOW3504: 'ready' must be a path that begins with '/'.
step c from b { container "c" { concurrency: 1001, url: "localhost:8080" } }
//                                           ^^^^ error FLOW3504: 'concurrency' must be between 1 and 1000.
//                                                      ^^^^^^^^^^^^^^^^ error FLOW3504: 'url' must be an address such as 'http://localhost:8080', or 'unix:' or 'unix:/path' for a Unix socket.
step d from c { process { io: stdio } }
//                      ^^^^^^^^^^^^^ error FLOW2009: The option 'command' is missing in this clause: The program and its first arguments.
sink out from d { stdout {} }
`);
});

it("wants code to export something, in a language it knows", () => {
  expectMarked(`
source orders { stdin {} }
step a from orders { code javascript "export default (event) => event.data" { timeout: 0s, memory: 1KiB } }
//                                                                                     ^^ error FLOW3504: 'timeout' must be greater than 0.
//                                                                                                 ^^^^ error FLOW3504: 'memory' must be between 16MiB and 4GiB.
step b from a { code javascript "(event) => exports.x" }
//                              ^^^^^^^^^^^^^^^^^^^^^^ error FLOW5014: The code of 'b' exports nothing. Write the function that takes an event as 'export default (event) => …'.
sink out from b { stdout {} }
`);
});

it("tells of escapes that the code will not have", () => {
  expectMarked(String.raw`
source orders { stdin {} }
step a from orders { code javascript 'export default (event) => event.data.split("\n")' }
//                                                                                ^^ warning FLOW9007: '\n' in the code of 'a' is read before it is code: write r"""…""" to keep the backslash.
step b from a { code javascript r"""export default (event) => event.data.split("\n")""" }
step c from b { code javascript """export default (event) => event.data.split("\\n")""" }
sink out from c { stdout {} }
`);
});

it("takes code of at most 64KiB", () => {
  const found = (bytes: number): readonly string[] => {
    const code = `export default 1//${"x".repeat(bytes - 18)}`;
    const text = `source s { stdin {} }\nstep a from s { code javascript """${code}""" }\nsink o from a { stdout {} }\n`;
    return check("p.flow", memoryHost({ "p.flow": text }), {}).diagnostics.map(({ message }) => message);
  };
  expect(found(65_536)).toEqual([]);
  expect(found(65_537)).toEqual(["The source of 'code' must be at most 64KiB."]);
});

it("bounds what closes a chunk", () => {
  expectMarked(`
source orders { stdin {} }
chunk a from orders { size 0 }
//                         ^ error FLOW3504: The size of 'size' must be greater than 0.
chunk b from orders { size 1000001 }
//                         ^^^^^^^ error FLOW3504: The size of 'size' must be at most 1000000.
chunk c from orders { bytes 0B }
//                          ^^ error FLOW3504: The bytes of 'bytes' must be greater than 0.
chunk d from orders { every 0s }
//                          ^^ error FLOW3504: The every of 'every' must be greater than 0.
chunk e from orders { end when 5 }
//                             ^ error FLOW3007: 'end' must be bool, not int. Compare it: '… != 0'.
chunk f from orders { start when data.first end when event.chunkend == "true" }
sink out from a, b, c, d, e, f { stdout {} }
`);
});
