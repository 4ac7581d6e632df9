/** Pipelines as people write them, of about so many lines, without a mistake and within what a cluster takes. */
import { compile } from "../../compiler/compile.ts";
import { printYaml } from "../../compiler/emit/yaml.ts";
import { memoryHost } from "../../compiler/source/host.ts";

/** A resource holds 128 processors: longer files have longer steps. */
const mostChains = 16;
const stepsInChain = 7;
const linesOfChain = 107;
const linesOfExtra = 7;

export function pipelineText(lines: number): string {
  const chains = Math.max(1, Math.min(mostChains, Math.round(lines / linesOfChain)));
  const rest = lines - chains * linesOfChain;
  const extras = Math.max(0, Math.round(rest / (chains * stepsInChain * linesOfExtra)));
  return `${types}${Array.from({ length: chains }, (_, i) => chain(i, extras)).join("")}`;
}

/** The compiled resource of a pipeline, of about so many lines. */
export function resourceText(lines: number): string {
  let text = "";
  for (let [written, i] = [lines, 0]; i < 4; i++) {
    text = resourceOf(pipelineText(written));
    written = Math.round((written * lines) / text.split("\n").length);
  }
  return text;
}

function resourceOf(text: string): string {
  const { pipeline, diagnostics } = compile("a.flow", memoryHost({ "a.flow": text }));
  if (!pipeline || diagnostics.length > 0) throw new Error(`The text has mistakes: ${diagnostics[0]?.message}`);
  return printYaml(pipeline.resource);
}

const types = `/// Orders and what becomes of them.
pipeline shop

type Line { sku: string, price: double, count: int }

/// An order as the shop sends it.
type Order {
  id: string
  customer: string
  total: double
  paid: bool
  at: timestamp
  note?: string
  items: [Line]
}

fn with_tax(amount: double): double = amount * 1.2
`;

const chain = (c: number, extras: number): string => `
source orders_${c}: Order {
  file { path: "orders-${c}.ndjson" }
  time data.at
  watermark 5s idle 1m
}
${Array.from({ length: stepsInChain }, (_, i) => step(c, i, extras)).join("")}
/// What each customer of shop ${c} spent in an hour.
window hourly_${c} from step_${c}_${stepsInChain - 1} {
  key data.customer
  fixed 1h
  emit {
    customer: key
    orders: count()
    spent: sum(data.total)
    start: window.start
  }
}

sink done_${c} from hourly_${c} {
  file { path: "done-${c}.ndjson" }
}

test "a paid order of shop ${c} is counted" {
  orders_${c} at 1m {
    id: "a", customer: "Ada", total: 1000.0, paid: true, items: [{ sku: "x", price: 100.0, count: 1 }]
  }
  watermark 2h
  expect hourly_${c} [{ orders: 1 }]
}
`;

const step = (c: number, i: number, extras: number): string => `
/// Step ${i} of shop ${c}: keeps what counts.
step step_${c}_${i} from ${i === 0 ? `orders_${c}` : `step_${c}_${i - 1}`} {
  filter data.total > ${i}.0 && data.paid
  filter data.items.exists(item, item.price > ${i}.5)
  set data.total = with_tax(data.total)
  set data.customer = data.customer.lowerAscii()
${Array.from({ length: extras }, (_, k) => extra(k)).join("")}  set data.size = size(data.items) > 10
    ? "large"
    : "small"
}
`;

const extra = (k: number): string => `  // Discount ${k}.
  set data.discount_${k} = data.items
    .filter(item, item.price > ${k}.0 && item.sku != "s${k}")
    .map(item, item.price * double(item.count))
  set data.level_${k} = data.total > 100.0
    ? "high"
    : "low"
`;
