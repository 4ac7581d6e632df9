/**
 * The language server as an editor feels it: cold start to first diagnostics, keystroke to diagnostics and to completion, completion
 * while somebody types ten keys a second, memory. The built server as a process over standard input and output, and beside it
 * yaml-language-server on the compiled resource, by the same measure: npm run bench:lsp [keystrokes].
 */
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Editor, type ServerUnderTest } from "./lsp/editor.ts";
import { pipelineText, resourceText } from "./lsp/pipeline-text.ts";

const keystrokes = Number(process.argv[2] ?? 100);
const coldStarts = 10;
const limits = { 1000: 10, 10000: 60 } as const;
const coldStartLimitMs = 350;
const memoryLimitMb = 120;
const keyEveryMs = 100;
const word = " && data.total";

const flow: ServerUnderTest = {
  name: "flow lsp",
  binary: process.env.FLOW_BINARY ?? "dist/flow.js",
  args: ["lsp", "--stdio"],
  languageId: "flow",
  uri: "file:///bench/a.flow",
  settings: {},
  pulls: true,
};

const schema = pathToFileURL(resolve("compiler/contract/schemas/pipeline.schema.json")).href;
const yaml: ServerUnderTest = {
  name: "yaml-language-server",
  binary: "node_modules/yaml-language-server/bin/yaml-language-server",
  args: ["--stdio"],
  languageId: "yaml",
  uri: "file:///bench/a.yaml",
  settings: {
    yaml: { validate: true, completion: true, schemaStore: { enable: false }, schemas: { [schema]: "/a.yaml" } },
  },
  pulls: false,
};

interface Figures {
  readonly lines: number;
  readonly diagnosticsMs: readonly number[];
  readonly completionMs: readonly number[];
  readonly pacedMs: readonly number[];
  readonly memoryMb: number;
}

async function open(
  server: ServerUnderTest,
  text: string,
): Promise<{ readonly editor: Editor; readonly firstMs: number }> {
  const { editor, firstMs, mistakes } = await Editor.open(server, text);
  if (mistakes > 0) throw new Error(`${server.name} finds ${mistakes} mistakes in a text that has none.`);
  return { editor, firstMs };
}

/** Types into a filter in the middle of the file, letter by letter, and deletes it again. */
class Typist {
  readonly line: number;
  readonly #end: number;
  #typed = 0;

  constructor(text: string) {
    const lines = text.split("\n");
    this.line = lines.findIndex((one, i) => i > lines.length / 2 && /^[\s-]*filter:? data\.total > /.test(one));
    if (this.line < 0) throw new Error("The text has no filter to type into.");
    this.#end = lines[this.line]!.length;
  }

  get character(): number {
    return this.#end + this.#typed;
  }

  /** What the next key does: a place and a text. */
  next(): readonly [line: number, start: number, end: number, text: string] {
    if (this.#typed < word.length) return [this.line, this.character, this.character, word[this.#typed++]!];
    const end = this.character;
    this.#typed = 0;
    return [this.line, this.#end, end, ""];
  }
}

async function measure(server: ServerUnderTest, text: string): Promise<Figures> {
  const { editor } = await open(server, text);
  const typist = new Typist(text);
  const figures = { diagnosticsMs: [] as number[], completionMs: [] as number[] };
  const timed = async (into: number[], isWarm: boolean, work: () => Promise<unknown>): Promise<void> => {
    const began = performance.now();
    await work();
    if (isWarm) into.push(performance.now() - began);
  };
  for (let i = -10; i < keystrokes; i++) {
    await timed(figures.diagnosticsMs, i >= 0, () => editor.typeAndCheck(...typist.next()));
    if (!server.pulls) continue;
    await timed(figures.completionMs, i >= 0, () => {
      editor.type(...typist.next());
      return editor.complete(typist.line, typist.character).answer;
    });
  }
  const pacedMs = server.pulls ? await typePaced(editor, typist) : [];
  const memoryMb = editor.residentMb();
  await editor.close();
  return { ...figures, pacedMs, lines: text.split("\n").length, memoryMb };
}

/** Ten keys a second, each asking for completion and diagnostics; what is unanswered when the next key comes is cancelled. */
async function typePaced(editor: Editor, typist: Typist): Promise<number[]> {
  const answeredMs: number[] = [];
  let stale: readonly number[] = [];
  for (let i = 0; i < Math.min(keystrokes, 100); i++) {
    const began = performance.now();
    for (const id of stale) editor.cancel(id);
    editor.type(...typist.next());
    const asked = [editor.complete(typist.line, typist.character), editor.diagnostics()] as const;
    stale = asked.map(({ id }) => id);
    void asked[0].answer.then(({ error }) => {
      if (!error) answeredMs.push(performance.now() - began);
    });
    await pause(keyEveryMs - (performance.now() - began));
  }
  return answeredMs;
}

async function coldStartsMs(server: ServerUnderTest, text: string): Promise<readonly number[]> {
  const firsts: number[] = [];
  for (let i = -1; i < coldStarts; i++) {
    const { editor, firstMs } = await open(server, text);
    if (i >= 0) firsts.push(firstMs);
    await editor.close();
  }
  return firsts;
}

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN;
const show = (values: readonly number[]): string =>
  `p50 ${quantile(values, 0.5).toFixed(1)} ms, p95 ${quantile(values, 0.95).toFixed(1)} ms`;

function say(what: string, found: string, limit?: readonly [value: number, most: number, unit: string]): void {
  const verdict = limit === undefined ? "" : `; at most ${limit[1]} ${limit[2]}`;
  const isFine = limit === undefined || limit[0] <= limit[1];
  if (!isFine) process.exitCode = 1;
  console.log(`${what.padEnd(62)} ${found}${verdict}${isFine ? "" : "  TOO MUCH"}`);
}

const [flowText, yamlText] = [pipelineText(1_000), resourceText(1_000)];
const cold = await coldStartsMs(flow, flowText);
const yamlCold = await coldStartsMs(yaml, yamlText);
say("cold start to first diagnostics, 1,000 lines", show(cold), [quantile(cold, 0.5), coldStartLimitMs, "ms (p50)"]);
say("  yaml-language-server", `${show(yamlCold)}; ${ratio(yamlCold, cold)}`);
for (const [size, limitMs] of Object.entries(limits).map(([a, b]) => [Number(a), b] as const)) {
  const own = await measure(flow, pipelineText(size));
  const other = await measure(yaml, resourceText(size));
  const lines = `${own.lines.toLocaleString("en")} lines`;
  const limit = (values: readonly number[]) => [quantile(values, 0.95), limitMs, "ms (p95)"] as const;
  say(`${lines}, keystroke to diagnostics`, show(own.diagnosticsMs), limit(own.diagnosticsMs));
  say(
    `  yaml-language-server, ${other.lines.toLocaleString("en")} lines of YAML`,
    `${show(other.diagnosticsMs)}; ${ratio(other.diagnosticsMs, own.diagnosticsMs)}`,
  );
  say(`${lines}, keystroke to completion`, show(own.completionMs), limit(own.completionMs));
  const answered = `${own.pacedMs.length} of ${Math.min(keystrokes, 100)} answered`;
  say(`${lines}, completion at ten keys a second, ${answered}`, show(own.pacedMs), limit(own.pacedMs));
  const mb = (value: number): string => `${value.toFixed(0)} MB`;
  const most = size === 1_000 ? ([own.memoryMb, memoryLimitMb, "MB"] as const) : undefined;
  say(`${lines}, memory of the process`, mb(own.memoryMb), most);
  say("  yaml-language-server", `${mb(other.memoryMb)}; ${(other.memoryMb / own.memoryMb).toFixed(1)} times as much`);
}

function ratio(other: readonly number[], own: readonly number[]): string {
  return `${(quantile(other, 0.5) / quantile(own, 0.5)).toFixed(0)} times as long at p50`;
}
