/**
 * How long a file of 1,000 lines takes to parse and to format, warm, and what the first parse costs a process.
 * Run: `npx node bench/parse.ts`
 */
import { sourceText } from "../compiler/source/source-text.ts";

const started = performance.now();
const { parse } = await import("../compiler/syntax/parse.ts");
const loaded = performance.now();
const { format } = await import("../compiler/syntax/format.ts");

/** One pipeline of 20 lines, as people write them. */
const block = (n: number): string => `/// Orders of shop ${n}, cleaned and counted.
type Order${n} { id: string, qty: int, note?: string, side: "buy" | "sell", lines: [Line${n}] }
type Line${n} { sku: string, price: double, qty: int }

source orders_${n}: Order${n} {
  kafka { brokers: ["kafka-${n}:9092"], topic: "orders-${n}" }
  time data.at
  watermark 5s idle 30s
}

step paid_${n} from orders_${n} where data.side == "buy" {
  filter data.qty > ${n} && size(data.lines) > 0 // nothing to do without lines
  set data.total = data.lines.map(l, l.price * double(l.qty)).sum()
  map { id: data.id, total: data.total, first: data.lines[0].sku, note: data.?note.orValue("none") }
}

window hourly_${n} from paid_${n} {
  key data.id
  fixed 1h
  emit { id: key, n: count(), total: sum(data.total), start: window.start }
}
sink out_${n} from hourly_${n} { file { path: "out-${n}.ndjson" } }
`;

function textOfLines(lines: number): string {
  const all: string[] = [];
  for (let n = 0; all.length < lines; n++) all.push(...block(n).split("\n"));
  return `${all.slice(0, lines).join("\n")}\n`;
}

function median(run: () => unknown, times: number): number {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const before = performance.now();
    run();
    taken.push(performance.now() - before);
  }
  return taken.sort((a, b) => a - b)[times >> 1]!;
}

// Cut at the end of a declaration, so that the text is whole.
const text = textOfLines(1000).replace(/\n(?=\/\/\/)(?![\s\S]*\n\/\/\/)[\s\S]*$/, "\n");
const source = sourceText("bench.flow", text);
const before = performance.now();
const first = parse(source);
const firstMs = performance.now() - before;
if (first.diagnostics.length > 0) throw new Error(JSON.stringify(first.diagnostics[0]));
const warm = median(() => parse(source), 400);
const formatted = median(() => format(source), 60);
console.log(`lines ${text.split("\n").length - 1}, characters ${text.length}`);
console.log(`load the parser's modules        ${(loaded - started).toFixed(1)} ms`);
console.log(`first parse, parser built with it ${firstMs.toFixed(1)} ms`);
console.log(`parse, warm (median of 400)       ${warm.toFixed(2)} ms`);
console.log(`format, warm (median of 60)       ${formatted.toFixed(2)} ms`);
