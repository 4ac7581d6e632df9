/**
 * How long a file of 1,000 lines takes to parse, check, lower and emit, warm, phase by phase: medians over runs that take
 * turns with several texts.
 * Run: `npx node bench/check.ts`
 */
import { pipelineCr } from "../compiler/emit/pipeline-cr.ts";
import { runtimeConfigs } from "../compiler/emit/runtime-config.ts";
import type { Ir } from "../compiler/ir/ir.ts";
import { lower } from "../compiler/ir/lower.ts";
import { check } from "../compiler/semantics/check.ts";
import type { Model } from "../compiler/semantics/model.ts";
import { type Host, memoryHost } from "../compiler/source/host.ts";
import { type SourceText, sourceText } from "../compiler/source/source-text.ts";
import { type Parsed, parse } from "../compiler/syntax/parse.ts";

const shops = ["shop", "store", "market", "depot", "kiosk", "bazaar", "branch", "outlet"];

/** One pipeline of 20 lines, as people write them; names, numbers and strings differ from variant to variant. */
const block = (n: number, shop: string, v: number): string => `/// Orders of ${shop} ${n}, cleaned and counted.
type Order_${shop}${n} { id: string, at: timestamp, qty: int, note?: string, side: "buy" | "sell", lines: [Line_${shop}${n}] }
type Line_${shop}${n} { sku: string, price: double, qty: int }
source orders_${shop}_${n}: Order_${shop}${n} {
  kafka { brokers: ["kafka-${n}:9092"], topic: "${shop}-orders-${n}" }
  time data.at
  watermark ${5 + v}s idle 30s
}
step paid_${shop}_${n} from orders_${shop}_${n} where data.side == "buy" {
  filter data.qty > ${n + v} && size(data.lines) > ${v} // nothing to do without lines
  set data.${shop}_total = data.lines.map(l, l.price * double(l.qty))[${v}]
  map { id: data.id, total: data.${shop}_total, first: data.lines[${v}].sku, note: data.?note.orValue("none of ${n}") }
}
window hourly_${shop}_${n} from paid_${shop}_${n} {
  key data.id
  fixed ${v + 1}h
  emit { id: key, n: count(), ${shop}: sum(data.total), start: window.start }
}
sink out_${shop}_${n} from hourly_${shop}_${n} { file { path: "${shop}-${n}.ndjson" } }

`;

interface Variant {
  readonly source: SourceText;
  readonly parsed: Parsed;
  readonly host: Host;
  readonly model: Model;
  readonly ir: Ir;
}

function variant(shop: string, v: number): Variant {
  const text = Array.from({ length: 50 }, (_, n) => block(n, shop, v)).join("");
  const source = sourceText("bench.flow", text);
  const host = memoryHost({ "bench.flow": text });
  const { model, diagnostics } = check("bench.flow", host);
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics[0]));
  return { source, parsed: parse(source), host, model, ir: lower(model) };
}

/** No two runs in a row see the same text. */
const variants = shops.map(variant);

/** Parsing is timed apart: the check alone gets the tree. */
const checkOnly = ({ host, parsed }: Variant) => check("bench.flow", host, { parse: () => parsed });

const phases: Readonly<Record<string, (variant: Variant) => unknown>> = {
  parse: ({ source }) => parse(source),
  check: checkOnly,
  lower: ({ model }) => lower(model),
  "emit the custom resource": ({ ir }) => pipelineCr(ir),
  "emit the runtime configs": ({ ir }) => runtimeConfigs(ir),
  "check + compile, all of it but parsing": (one) => {
    const lowered = lower(checkOnly(one).model);
    pipelineCr(lowered);
    runtimeConfigs(lowered);
  },
};

function median(run: (variant: Variant) => unknown, times: number): number {
  const taken = Array.from({ length: times }, (_, i) => {
    const one = variants[i % variants.length]!;
    const before = performance.now();
    run(one);
    return performance.now() - before;
  });
  return taken.sort((a, b) => a - b)[times >> 1]!;
}

const { source, model } = variants[0]!;
console.log(
  `lines ${source.text.split("\n").length - 1}, characters ${source.text.length}, nodes ${model.nodes.length}, variants ${variants.length}`,
);
for (const run of Object.values(phases)) median(run, 200);
for (const [name, run] of Object.entries(phases)) console.log(`${name.padEnd(40)} ${median(run, 200).toFixed(2)} ms`);
