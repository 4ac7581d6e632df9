import { it } from "vitest";
import { expectMarked } from "../marked-text.ts";

it("refuses replicas by partitions where there are none", () => {
  expectMarked(`
source orders { http {} replicas partitions }
//                               ^^^^^^^^^^ error FLOW5001: 'replicas partitions' makes a replica of 'orders' per partition, but 'http' of 'orders' has none. Give a number.
source lines { kafka { brokers: ["kafka:9092"], topic: "lines" } replicas partitions }
step both from orders, lines { filter data.x replicas partitions }
//                                                    ^^^^^^^^^^ error FLOW5001: 'replicas partitions' makes a replica of 'both' per partition, but 'http' of 'orders' has none. Give a number.
sink out from both { stdout {} }
`);
});

it("refuses to scale to zero where nothing waits", () => {
  expectMarked(`
source ticks { cron { schedule: "* * * * *" } replicas 0..2 }
//                                                     ^^^^ error FLOW5002: 'ticks' cannot scale to zero: with no worker running, nobody takes the events of 'cron' ('ticks'). Begin the range at 1.
source lines { kafka { brokers: ["kafka:9092"], topic: "lines" } replicas 0..2 by lag 100 }
sink out from ticks, lines { stdout {} }
`);
});

it("looks at the sources where the header says it for all", () => {
  expectMarked(`
pipeline orders { replicas partitions }
//                         ^^^^^^^^^^ error FLOW5001: 'replicas partitions' makes a replica of 'orders' per partition, but 'http' of 'orders' has none. Give a number.
source orders { http {} }
sink out from orders { stdout {} }
`);
});
