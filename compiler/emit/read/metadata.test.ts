/** Metadata of a resource that .flow cannot say is kept or reported, never lost. */
import { expect, it } from "vitest";
import { compile } from "../../compile.ts";
import { memoryHost } from "../../source/host.ts";
import { sourceText } from "../../source/source-text.ts";
import { decompile } from "../decompile.ts";

const spec = "spec:\n  sources: [{ name: a, stdin: {} }]\n  sinks: [{ name: b, from: [{ name: a }], stdout: {} }]\n";
const resource = (metadata: string, rest = spec): string =>
  `apiVersion: dataflow.argoproj.io/v1alpha1\nkind: Pipeline\nmetadata: ${metadata}\n${rest}`;

function compiled(text: string) {
  const { pipeline, diagnostics } = compile("p.yaml", memoryHost({ "p.yaml": text }));
  return { metadata: pipeline?.resource.metadata, messages: diagnostics.map(({ message }) => message) };
}

it("carries annotations and finalizers that .flow cannot say", () => {
  expect(compiled(resource('{ name: p, annotations: { other/x: "y" }, finalizers: [my.org/x] }'))).toEqual({
    metadata: { name: "p", annotations: { "other/x": "y" }, finalizers: ["my.org/x"] },
    messages: [],
  });
});

it("says when it decompiles which of them the .flow file lacks", () => {
  const { text, diagnostics } = decompile(
    sourceText("p.yaml", resource('{ name: p, annotations: { other/x: "y" }, finalizers: [my.org/x] }')),
  );
  expect(text).toContain("pipeline p\n");
  expect(diagnostics.map(({ severity, message }) => `${severity} ${message.split(":")[0]}`)).toEqual([
    "warning The annotation 'other/x' is left out",
    "warning The finalizer 'my.org/x' is left out",
  ]);
});

it("leaves out without a word what a cluster keeps about its object", () => {
  const managed = "uid: u, resourceVersion: '1', generation: 2, creationTimestamp: null, managedFields: [], ";
  const applied = "annotations: { kubectl.kubernetes.io/last-applied-configuration: '{}' }";
  const text = resource(
    `{ name: p, ${managed}ownerReferences: [], ${applied} }`,
    `${spec}status: { phase: Running }\n`,
  );
  expect(compiled(text)).toEqual({ metadata: { name: "p" }, messages: [] });
  expect(decompile(sourceText("p.yaml", text)).diagnostics).toEqual([]);
});

it("refuses metadata that it does not know or that is of another type", () => {
  expect(compiled(resource("{ name: p, anotations: {} }")).messages).toEqual([
    "There is no field 'anotations' in metadata. Did you mean 'annotations'?",
  ]);
  expect(compiled(resource("{ name: p, annotations: { a: 1 } }")).messages).toHaveLength(1);
});

it("refuses fields of the spec that mean nothing where they stand", () => {
  const sources = "  sources: [{ name: a, stdin: {} }]\n";
  const sinks = "  sinks: [{ name: b, from: [{ name: a }], stdout: {} }]\n";
  const read = "  sinks: [{ name: b, from: [{ name: w }], stdout: {} }]\n";
  const input = "  input: { from: { stdin: {} } }\n";
  const of = (text: string) => compiled(resource("{ name: p }", `spec:\n${text}`)).messages;
  expect([
    of(`${sources}${sinks}  output: { stdout: {} }\n`),
    of(`${input}${sinks}`),
    of(`${input}${sinks}  output: { stdout: {} }\n`),
    of(
      `${sources}${sinks}  processors: [{ name: w, from: [{ name: a }], window: { global: {}, emit: "{ n: count() }" }, retry: { count: 1 } }]\n`,
    ),
    of(
      `${sources}${sinks}  processors: [{ name: w, from: [{ name: a }], type: string, window: { global: {}, emit: "{ n: count() }" } }]\n`,
    ),
    of(`${sources}  processors: [{ name: w, from: [{ name: a }], type: string, operators: [] }]\n${read}`),
    of(`${sources}  processors: [{ name: w, from: [{ name: a }], type: Strin, image: i }]\n${read}`),
    of(`${sources}${sinks}  processors: [{ name: w, from: [{ name: a }], operators: [], command: [x] }]\n`),
    of(`${sources}${sinks}  processors: [{ name: w, from: [{ name: a }], operators: [], grace: 1s }]\n`),
    of(
      `${sources}${sinks}  processors: [{ name: w, from: [{ name: a }], image: i, input: { file: { concurrency: 0, frames: lines } } }]\n`,
    ),
  ]).toEqual([
    ["'output' stands without 'input': the linear form has both."],
    [
      "'input' stands without 'output': the linear form has both.",
      "'sinks' has no place in the linear form, which has 'output' instead.",
    ],
    ["'sinks' has no place in the linear form, which has 'output' instead."],
    ["'retry' belongs to a processor with 'operators' or 'image'."],
    ["'type' belongs to a processor with 'operators' or 'image'."],
    [
      "The step 'w' cannot have a type of its own: it follows from what it reads and does, as no 'process', 'container' or 'code' answers here.",
    ],
    ["There is no type 'Strin'. Did you mean 'string'?"],
    ["'command' belongs to a processor with 'image'."],
    ["'grace' belongs to a processor with 'image'."],
    [
      "spec.processors[0].input.file.concurrency must be at least 1, but this is 0.",
      "There is no field 'frames' in spec.processors[0].input.file.",
    ],
  ]);
});

it.each([
  "{ type: integer, minimum: 5 }",
  "{ type: string, format: int64 }",
  "{ type: array, items: { description: x } }",
])("refuses the schema %s, of which a part would be lost", (schema) => {
  expect(compiled(resource("{ name: p }", spec.replace("spec:", `spec:\n  types: { T: ${schema} }`))).messages).toEqual(
    ["The schema of 'T' says something for which .flow has no type."],
  );
});
