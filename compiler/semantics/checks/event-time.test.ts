import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("wants a time of the source of a window", () => {
  expectMarked(`
type Order { id: string, at: timestamp }
source orders: Order { stdin {} }
window totals from orders { key data.id fixed 1m emit { n: count() } }
//                                      ^^^^^ error FLOW4007: 'fixed' groups by event time, but the events of 'orders' have none, so 'totals' would group by arrival. Add a 'time' clause to 'orders'.
sink out from totals { stdout {} }
`);
});

it("takes the time of a step, of a transport and of a window", () => {
  expectMarked(`
source orders { stdin {} }
source payments { kafka { brokers: ["kafka:9092"], topic: "payments" } }
step timed from orders { time timestamp(data.at) }
window minutes from timed, payments { sliding 10m every 1m emit { n: count() } }
window hours from minutes { fixed 1h emit { n: sum(data.n) } }
sink out from hours { stdout {} }
`);
});

it("finds the one input without a time behind a merge", () => {
  expectMarked(`
source orders { stdin {} }
source payments { kafka { brokers: ["kafka:9092"], topic: "payments" } }
step both from payments, orders { filter data.id != "" }
window totals from both { session 30s emit { n: count() } }
//                        ^^^^^^^ error FLOW4007: 'session' groups by event time, but the events of 'orders' have none, so 'totals' would group by arrival. Add a 'time' clause to 'orders'.
sink out from totals { stdout {} }
`);
});
