/**
 * The language server as an editor feels it: cold start to first diagnostics, keystroke to diagnostics and to completion, memory.
 * The built server as a process over standard input and output: npm run bench:lsp [keystrokes].
 */
import { readFileSync } from "node:fs";
import { Client } from "../test/lsp/client.ts";

const keystrokes = Number(process.argv[2] ?? 100);
const coldStarts = 10;
const uri = "file:///bench/a.flow";
const limits = { 1000: 10, 10000: 60 } as const;
const coldStartLimitMs = 350;
const memoryLimitMb = 120;

const capabilities = {
  textDocument: {
    diagnostic: { relatedDocumentSupport: true },
    completion: { completionItem: { snippetSupport: true } },
  },
};

/** A pipeline of so many lines, ten a step, each like those that people write. */
function flowOf(lines: number): string {
  const head = `type Order { id: string, customer: string, total: double, paid: bool, items: list<{ sku: string, price: double }> }

source orders: Order {
  file { path: "orders.ndjson" }
}
`;
  const steps = Array.from(
    { length: Math.floor((lines - 10) / 10) },
    (_, i) => `
/// Step ${i}.
step s${i} from ${i % 20 === 0 ? "orders" : `s${i - 1}`} {
  filter data.total > ${i}.0 && data.paid
  filter data.items.exists(item, item.price > ${i}.5)
  set {
    total: data.total * 1.1
    customer: data.customer.lowerAscii()
  }
}`,
  );
  return `${head}${steps.join("\n")}\n`;
}

interface Figures {
  readonly diagnosticsMs: readonly number[];
  readonly completionMs: readonly number[];
  readonly memoryMb: number;
}

async function start(text: string): Promise<{ client: Client; firstMs: number }> {
  const began = performance.now();
  const client = new Client({ binary: "dist/flow.js" });
  await client.request("initialize", { processId: process.pid, rootUri: null, capabilities });
  client.notify("initialized", {});
  client.notify("textDocument/didOpen", { textDocument: { uri, languageId: "flow", version: 1, text } });
  await client.request("textDocument/diagnostic", { textDocument: { uri } });
  return { client, firstMs: performance.now() - began };
}

/** Types `data.total` letter by letter into a filter in the middle of the file, and deletes it again. */
async function measure(lines: number): Promise<Figures> {
  const text = flowOf(lines);
  const { client } = await start(text);
  const before = text.split("\n");
  const line = before.findIndex((one, i) => i > before.length / 2 && one.startsWith("  filter data.total"));
  const at = before[line]!.length;
  const word = " && data.total";
  const diagnosticsMs: number[] = [];
  const completionMs: number[] = [];
  let [version, typed] = [1, 0];
  const edit = (start: number, end: number, newText: string) =>
    client.notify("textDocument/didChange", {
      textDocument: { uri, version: ++version },
      contentChanges: [{ range: { start: { line, character: start }, end: { line, character: end } }, text: newText }],
    });
  for (let i = -10; i < keystrokes; i++) {
    if (typed === word.length) {
      edit(at, at + typed, "");
      typed = 0;
    }
    let began = performance.now();
    edit(at + typed, at + typed, word[typed]!);
    typed++;
    await client.request("textDocument/diagnostic", { textDocument: { uri } });
    if (i >= 0) diagnosticsMs.push(performance.now() - began);

    began = performance.now();
    edit(at + typed, at + typed, "x");
    edit(at + typed, at + typed + 1, "");
    const position = { line, character: at + typed };
    await client.request("textDocument/completion", { textDocument: { uri }, position });
    if (i >= 0) completionMs.push(performance.now() - began);
  }
  const memoryMb = residentMb(client.process.pid);
  await client.stop();
  return { diagnosticsMs, completionMs, memoryMb };
}

function residentMb(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN;
const show = (values: readonly number[]): string =>
  `p50 ${quantile(values, 0.5).toFixed(1)} ms, p95 ${quantile(values, 0.95).toFixed(1)} ms`;
const verdict = (isFine: boolean): string => {
  if (!isFine) process.exitCode = 1;
  return isFine ? "" : "  too slow or too large";
};

const firsts: number[] = [];
for (let i = -1; i < coldStarts; i++) {
  const { client, firstMs } = await start(flowOf(1_000));
  if (i >= 0) firsts.push(firstMs);
  await client.stop();
}
const cold = quantile(firsts, 0.5);
console.log(
  `cold start to first diagnostics, 1,000 lines: ${show(firsts)}; p50 at most ${coldStartLimitMs}${verdict(cold <= coldStartLimitMs)}`,
);
for (const [lines, limitMs] of Object.entries(limits).map(([a, b]) => [Number(a), b] as const)) {
  const { diagnosticsMs, completionMs, memoryMb } = await measure(lines);
  const count = lines.toLocaleString("en");
  console.log(
    `${count} lines, keystroke to diagnostics: ${show(diagnosticsMs)}; p95 at most ${limitMs}${verdict(quantile(diagnosticsMs, 0.95) <= limitMs)}`,
  );
  console.log(
    `${count} lines, keystroke to completion:  ${show(completionMs)}; p95 at most ${limitMs}${verdict(quantile(completionMs, 0.95) <= limitMs)}`,
  );
  console.log(
    `${count} lines, memory of the process:    ${memoryMb.toFixed(0)} MB; at most ${memoryLimitMb}${verdict(!(memoryMb > memoryLimitMb))}`,
  );
}
