/** Fixes mend what their diagnostic says. */
import { expect, it } from "vitest";
import { memoryHost } from "../source/host.ts";
import { check } from "./check.ts";
import { afterFixes } from "./marked-text.ts";

const mended = (text: string): string => {
  const after = afterFixes(check("main.flow", memoryHost({ "main.flow": text })));
  expect(check("main.flow", memoryHost({ "main.flow": after })).diagnostics.map(({ message }) => message)).toEqual([]);
  return after;
};

it("renames a node wherever it is used", () => {
  expect(
    mended(
      `source newOrders { stdin {} }\nstep paid from newOrders { filter data.paid }\nsink out from paid, newOrders.errors { stdout {} }\n`,
    ),
  ).toBe(
    `source new_orders { stdin {} }\nstep paid from new_orders { filter data.paid }\nsink out from paid, new_orders.errors { stdout {} }\n`,
  );
});

it("renames a node with hyphens, wherever it is used", () => {
  expect(mended(`source new-orders { stdin {} }\nsink out from new-orders, new-orders.errors { stdout {} }\n`)).toBe(
    `source new_orders { stdin {} }\nsink out from new_orders, new_orders.errors { stdout {} }\n`,
  );
});

it("takes what is unused away, with its doc comment and its line", () => {
  expect(
    mended(
      `/// An order.\n/// In full.\ntype Order { id: string }\n\n// kept\nsource orders { stdin {} }\nparam x: int = 1\nsink out from orders { stdout {} }\n`,
    ),
  ).toBe(`\n// kept\nsource orders { stdin {} }\nsink out from orders { stdout {} }\n`);
});

it("adds the only timestamp there is as event time", () => {
  expect(
    mended(
      `type Order { id: string, at: timestamp }\nsource orders: Order {\n  stdin {}\n}\nwindow w from orders {\n  fixed 1m\n  emit { n: count() }\n}\nsink out from w { stdout {} }\n`,
    ),
  ).toContain("  stdin {}\n  time data.at\n}");
});

it("mends misspelt nodes, options, choices, units and secrets", () => {
  expect(
    mended(`source orders {
  kafka { brokers: "kafka:9092", topci: "orders", start: latets }
  watermark 5
}
sink out from ordres { kafka { brokers: ["kafka:9092"], topic: "out", sasl: { username: secret("k", "u"), password: "hunter2" } } }
`),
  ).toBe(`source orders {
  kafka { brokers: ["kafka:9092"], topic: "orders", start: latest }
  watermark 5s
}
sink out from orders { kafka { brokers: ["kafka:9092"], topic: "out", sasl: { username: secret("k", "u"), password: secret("out", "password") } } }
`);
});
