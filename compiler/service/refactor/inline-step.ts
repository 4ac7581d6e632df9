/** A step is taken into those that read it, where the meaning stays the same. */
import type { ModelNode } from "../../semantics/model.ts";
import type { Expression, NodeDeclaration } from "../../syntax/ast.ts";
import type { Edit } from "../types.ts";
import { impossible, type Place, type Refactorer } from "./refactoring.ts";
import { bodyOf, nodeHeadAt, withComments } from "./selected.ts";
import { bodyText, inputsText, operatorsOf, othersOf } from "./step-parts.ts";

const kind = "refactor.inline";

export const inlineStep: Refactorer = (place) => {
  const step = nodeHeadAt(place);
  const node = place.analysis.model.nodes.find(({ declaration }) => declaration === step);
  if (!step || !node || step.kind !== "step" || node.readers.length === 0) return [];
  const names = node.readers.map((reader) => `'${reader.node.name}'`).join(", ");
  const title = `Inline step '${node.name}' into ${names}`;
  const reason = reasonAgainst(node, place) ?? node.readers.map((reader) => againstReader(node, reader)).find(Boolean);
  return reason ? [impossible(title, kind, reason)] : [{ title, kind, edits: () => inlined(node, place) }];
};

/** What is not the same when it is done elsewhere, or twice. */
const onlyHere: Readonly<Record<string, string>> = {
  throttle: "holds back the sources that come to it",
  container: "is a program of its own",
  process: "is a program of its own",
  code: "is a program of its own",
};
const notTwice: Readonly<Record<string, string>> = {
  dedupe: "remembers events",
  log: "prints events",
};

function reasonAgainst(node: ModelNode, place: Place): string | undefined {
  const { declaration: step, readers } = node;
  const [other] = othersOf(step);
  if (other) return `It says '${other.keyword.text}', which its readers do not.`;
  if (step.type) return "It declares a type, which its readers would not check.";
  if (node.file !== place.path) return "It is declared in another file.";
  for (const { keyword } of operatorsOf(step)) {
    const alone = onlyHere[keyword.text];
    if (alone) return `'${keyword.text}' ${alone}.`;
    const once = notTwice[keyword.text];
    if (once && readers.length > 1) return `'${keyword.text}' ${once}, and there are ${readers.length} readers.`;
  }
  if (readers.some(({ input }) => input.output === "errors")) return `'${node.name}.errors' is read.`;
  if (readers.some(({ input }) => input.otherwise)) return "A reader takes what the others leave, by 'otherwise'.";
  if (new Set(readers.map((reader) => reader.node)).size < readers.length) return "A reader reads it twice.";
  const looks = place.analysis.model.tests.some(({ statements }) =>
    statements.some((one) => one.kind === "expect" && one.node === node),
  );
  return looks ? "A test looks at what it gives." : undefined;
}

type Reader = ModelNode["readers"][number];

/** Steps take its operators; others only its filter, as a `where`. */
function againstReader(node: ModelNode, reader: Reader): string | undefined {
  const { name, kind: readerKind, inputs } = reader.node;
  if (reader.input.alias !== undefined) return `'${name}' joins it, by the name '${reader.input.alias}'.`;
  if (readerKind === "step" && inputs.length === 1) return undefined;
  const conditions = conditionsOf(node, reader);
  if (conditions === undefined || node.inputs.length !== 1) {
    return readerKind === "step"
      ? `'${name}' reads others too, which its operators are not for.`
      : `'${name}' is a ${readerKind}, and only a filter can go there.`;
  }
  if (conditions.length > 1)
    return `'${name}' would have ${conditions.length} conditions; the later are not asked where the first is false.`;
  const [input] = node.inputs;
  if (input?.otherwise) return "It takes what others leave, by 'otherwise'.";
  const twice = inputs.some((one) => one.node === input?.node && one.output === input?.output);
  if (twice) return `'${name}' reads '${input?.node?.name}' already.`;
  const siblings = input?.node?.readers.some((one) => one.input.otherwise) === true;
  if (siblings && input?.where === undefined) return `A 'where' more would leave less for the 'otherwise' beside it.`;
  return undefined;
}

/** What an event must fulfil on its way through the step to this reader; undefined where the step does more. */
function conditionsOf(node: ModelNode, { input }: Reader): readonly Expression[] | undefined {
  const filters: Expression[] = [];
  for (const operator of operatorsOf(node.declaration)) {
    const test = operator.arguments.find(({ part }) => part === "test")?.value;
    if (operator.keyword.text !== "filter" || !test) return undefined;
    filters.push(test as Expression);
  }
  const [first] = node.inputs;
  return [
    ...(first?.syntax.where ? [first.syntax.where] : []),
    ...filters,
    ...(input.syntax.where ? [input.syntax.where] : []),
  ];
}

function inlined(node: ModelNode, place: Place): readonly Edit[] {
  const { analysis, path, text } = place;
  const whole = withComments(analysis.tree, text, node.declaration);
  const blank = /^[ \t]*\r?\n(?:[ \t]*\r?\n)?/.exec(text.slice(whole.end))?.[0].length ?? 0;
  const gone: Edit = { file: path, start: whole.start, end: whole.end + blank, newText: "" };
  return [gone, ...node.readers.flatMap((reader) => editsOf(node, reader, place))];
}

function editsOf(node: ModelNode, reader: Reader, place: Place): readonly Edit[] {
  const { analysis, path: file, text } = place;
  const { declaration, inputs } = reader.node;
  const { start, end } = reader.input.syntax.span;
  if (declaration.kind !== "step" || inputs.length > 1) {
    const [condition] = conditionsOf(node, reader) ?? [];
    const from = node.inputs[0]!.syntax;
    const name = text.slice(from.node.span.start, (from.output ?? from.node).span.end);
    const where = condition ? ` where ${text.slice(condition.span.start, condition.span.end)}` : "";
    return [{ file, start, end, newText: name + where }];
  }
  const { where } = reader.input.syntax;
  const filter = where ? `filter ${text.slice(where.span.start, where.span.end)}\n` : "";
  const at = bodyOf(analysis.tree, text, declaration).start;
  const body = `\n${commentsOf(node.declaration, place)}${bodyText(place, node.declaration).trim()}\n${filter}`;
  return [
    { file, start, end, newText: inputsText(place, node.declaration) },
    { file, start: at, end: at, newText: body },
  ];
}

/** What was said above the step is said above its operators. */
function commentsOf(step: NodeDeclaration, { analysis, text }: Place): string {
  const { start } = withComments(analysis.tree, text, step);
  return text.slice(start, step.keyword.start).replace(/^([ \t]*)\/\/\/(?!\/)/gm, "$1//");
}
