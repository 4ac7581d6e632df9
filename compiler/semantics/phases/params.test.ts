import { it } from "vitest";
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

it("wants a value where there is no default", () => {
  expectMarked(`
param path: string
//    ^^^^ error FLOW2024: The param 'path' has no default and no value is given. Give one: --param path=…
source orders { file { path: path } }
sink out from orders { stdout {} }
`);
});
