/** Options of connectors, formats and containers. */
import { it } from "vitest";
import { expectMarked } from "./marked-text.ts";

it("checks names and types of options", () => {
  expectMarked(`
source a { kafka { brokers: ["kafka:9092"], topci: "a", start: earlist, group: 1 } }
//                                          ^^^^^ error FLOW2008: There is no option 'topci' in a kafka source. Did you mean 'topic'?
//                                                             ^^^^^^^ error FLOW2019: 'earlist' is not a choice for 'start': 'earliest', 'latest'. Did you mean 'earliest'?
//                                                                             ^ error FLOW3501: 'group' must be a string, not an int.
source b { http { port: "80", max_body: 64KiB, host: true, path: "/", path: "/b" } }
//                      ^^^^ error FLOW3501: 'port' must be an int, not a string.
//                                                   ^^^^ error FLOW3501: 'host' must be a string, not 'true'.
//                                                                    ^^^^ error FLOW2012: The option 'path' is already given above. Keep one of the two.
sink out from a, b { http { url: "https://example.org", timeout: 5, concurrency: 1.5, method: PUT, headers: { a: 1 } } }
//                                                               ^ error FLOW3502: 'timeout' lacks a unit: write '5s', '5ms', '5m', …
//                                                                               ^^^ error FLOW3501: 'concurrency' must be an int, not a double.
//                                                                                                          ^^^^^^^^ error FLOW3501: 'headers' must be a record of strings, not a record.
`);
});

it("takes params and constant expressions", () => {
  expectMarked(`
param topic: string = "orders"
param wait: duration = 5s
source a { kafka { brokers: ["kafka:9092"], topic: "my-" + topic } }
sink out from a { http { url: "https://example.org", timeout: wait + 1s, concurrency: 2 * 4 } }
`);
});

it("refuses values of the right type that make no sense", () => {
  expectMarked(`
source a { http { port: 99999, path: "in" } }
//                      ^^^^^ error FLOW3504: 'port' must be between 0 and 65535.
//                                   ^^^^ error FLOW3504: 'path' must be a path that begins with '/'.
source b { file { path: "" } format csv { separator: ";;" } }
//                      ^^ error FLOW3504: 'path' must be a text that is not empty.
//                                                   ^^^^ error FLOW3504: 'separator' must be one character, and no quote or line break.
source c { generate { count: -1, data: { x: i } } }
//                           ^^ error FLOW3504: 'count' must be at least 0.
step d from a { unflatten { separator: "" } }
//                                     ^^ error FLOW3504: 'separator' must be a text that is not empty.
sink e from b, c, d { kafka { brokers: [], topic: "my topic" } }
//                                     ^^ error FLOW3504: 'brokers' must be a list of at least one address.
//                                                ^^^^^^^^^^ error FLOW3504: 'topic' must be a name of letters, digits, '.', '_' and '-', at most 249.
sink f from d { http { url: "example.org/in" } }
//                          ^^^^^^^^^^^^^^^^ error FLOW3504: 'url' must be an address such as 'http://localhost:8080/orders'.
`);
});

it("takes the resources of a container inside it, and those of the worker as a clause beside it", () => {
  expectMarked(`
source orders { stdin {} }
step scored from orders {
  container "score:1" { io: http, resources: { cpu: "500m", memory: "256Mi", limits: { memory: "1Gi" } } }
  resources { cpu: "1" }
}
sink out from scored { stdout {} }
`);
});

it("says of a local program's resources that they are a clause beside it", () => {
  expectMarked(`
source orders { stdin {} }
step scored from orders {
  process { command: ["score"], resources: { cpu: "500m" } }
//                              ^^^^^^^^^ error FLOW2008: There is no option 'resources' in this clause. It is a clause: write 'resources { … }' beside it.
}
step mended from orders {
  process { command: ["score"] }
  resources { cpu: "500m" }
}
sink out from scored, mended { stdout {} }
`);
});
