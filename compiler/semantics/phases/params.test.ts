/** Declarations of params, their types and defaults. */
import { expect, it } from "vitest";
import { memoryHost } from "../../source/host.ts";
import { check } from "../check.ts";
import { expectMarked } from "../marked-text.ts";

it("checks defaults by their types", () => {
  expectMarked(`
param brokers: [string] = ["kafka:9092"]
param port: int = "8080"
//                ^^^^^^ error FLOW3505: The param 'port' is of type int, and "8080" is not.
param wait: duration = 5s
param mode: "a" | "b" = "c"
//                      ^^^ error FLOW3505: The param 'mode' is of type "a" | "b", and "c" is not.
param share: double = 1
source orders { http { port: port } }
step some from orders { filter data.wait < wait && data.share > share && mode == "a" && data.b in brokers }
sink out from some { stdout {} }
`);
});

it("lets a default use the params before it", () => {
  expectMarked(`
param host: string = "kafka"
param brokers: [string] = [host + ":9092"]
source orders { kafka { brokers: brokers, topic: "orders" } }
sink out from orders { stdout {} }
`);
});

it("takes a time as a value", () => {
  expectMarked(`
param since: timestamp = timestamp("2026-01-01T00:00:00Z")
param until: timestamp = timestamp("2026-13-01")
//                                 ^^^^^^^^^^^^ error FLOW3501: timestamp(…) must be a time such as "2026-01-31T00:00:00Z", not something else.
source orders { stdin {} }
step recent from orders { filter timestamp(data.at) >= since && timestamp(data.at) < until }
sink out from recent { stdout {} }
`);
});

it("wants a value where there is no default", () => {
  expectMarked(`
param path: string
//    ^^^^ error FLOW2024: The param 'path' has no default and no value is given. Give one: --param path=…
source orders { file { path: path } }
sink out from orders { stdout {} }
`);
});

it("lets a param wait for its value where the pipeline is only checked, and still checks its type", () => {
  const text = `param least: double
param path: string
source orders { file { path: path } }
step large from orders { filter data.total > least && least == "x" }
sink out from large { stdout {} }
`;
  const { diagnostics } = check("a.flow", memoryHost({ "a.flow": text }), { paramsLater: true });
  expect(diagnostics.map(({ code }) => code)).toEqual(["FLOW3001"]);
});
