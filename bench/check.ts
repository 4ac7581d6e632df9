/**
 * How long a file of 1,000 lines takes to parse, check, lower and emit, warm, phase by phase.
 * Run: `npx node bench/check.ts`
 */
import { pipelineCr } from "../compiler/emit/pipeline-cr.ts";
import { runtimeConfigs } from "../compiler/emit/runtime-config.ts";
import { lower } from "../compiler/ir/lower.ts";
import { check } from "../compiler/semantics/check.ts";
import { memoryHost } from "../compiler/source/host.ts";
import { sourceText } from "../compiler/source/source-text.ts";
import { parse } from "../compiler/syntax/parse.ts";

/** One pipeline of 20 lines, as people write them. */
const block = (n: number): string => `/// Orders of shop ${n}, cleaned and counted.
type Order${n} { id: string, at: timestamp, qty: int, note?: string, side: "buy" | "sell", lines: [Line${n}] }
type Line${n} { sku: string, price: double, qty: int }
source orders_${n}: Order${n} {
  kafka { brokers: ["kafka-${n}:9092"], topic: "orders-${n}" }
  time data.at
  watermark 5s idle 30s
}
step paid_${n} from orders_${n} where data.side == "buy" {
  filter data.qty > ${n} && size(data.lines) > 0 // nothing to do without lines
  set data.total = data.lines.map(l, l.price * double(l.qty))[0]
  map { id: data.id, total: data.total, first: data.lines[0].sku, note: data.?note.orValue("none") }
}
window hourly_${n} from paid_${n} {
  key data.id
  fixed 1h
  emit { id: key, n: count(), total: sum(data.total), start: window.start }
}
sink out_${n} from hourly_${n} { file { path: "out-${n}.ndjson" } }

`;

const text = Array.from({ length: 50 }, (_, n) => block(n)).join("");
const source = sourceText("bench.flow", text);
const host = memoryHost({ "bench.flow": text });

/** Parsing is timed apart: the check alone gets the tree. */
const parsed = parse(source);
const checkOnly = () => check("bench.flow", host, { parse: () => parsed });
const { model, diagnostics } = check("bench.flow", host);
if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics[0]));
const ir = lower(model);

const phases: Readonly<Record<string, () => unknown>> = {
  parse: () => parse(source),
  check: checkOnly,
  lower: () => lower(model),
  "emit the custom resource": () => pipelineCr(ir),
  "emit the runtime configs": () => runtimeConfigs(ir),
  "check + compile, all of it but parsing": () => {
    const lowered = lower(checkOnly().model);
    pipelineCr(lowered);
    runtimeConfigs(lowered);
  },
};

function median(run: () => unknown, times: number): number {
  const taken = Array.from({ length: times }, () => {
    const before = performance.now();
    run();
    return performance.now() - before;
  });
  return taken.sort((a, b) => a - b)[times >> 1]!;
}

console.log(`lines ${text.split("\n").length - 1}, characters ${text.length}, nodes ${model.nodes.length}`);
for (const run of Object.values(phases)) median(run, 50);
for (const [name, run] of Object.entries(phases)) console.log(`${name.padEnd(40)} ${median(run, 100).toFixed(2)} ms`);
