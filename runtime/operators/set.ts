/** `set data.a.b = value`: in place where nobody else sees the records on the way, else by copying those; nothing else is copied. */
import type { ExprTree } from "../../compiler/contract/expr-tree.ts";
import { literal } from "../engine/stage-code.ts";
import { mentions } from "../engine/tree.ts";
import type { EmitOperator, StepEmission } from "./operator.ts";
import { isRecordValue, needsMap, notRecord, plainPrototype, withField } from "./records.ts";

export const emitSet: EmitOperator<"set"> = ({ path, value }, step) => {
  const { code } = step;
  const held = code.name("value");
  code.line(`let ${held} = ${step.expression(value, "any")};`);
  const aliases = !isScalar(value) && mentions(value, "data");
  const slow = `data = ${code.bind(setPath)}(data, ${code.bind(path)}, ${held});`;
  if (path.length === 0) code.line(`data = ${held};`);
  else if (path.some(needsMap)) code.line(slow);
  else emitFast(path, held, aliases, slow, step);
  step.ownership = step.ownership.withOwnContainers(path);
  if (!isScalar(value)) step.ownership = step.ownership.withForeignValue(path, aliases);
};

/** Plain objects all the way: straight-line code. Anything else on the way: the function below, which always copies. */
function emitFast(path: readonly string[], held: string, aliases: boolean, slow: string, step: StepEmission): void {
  const { code } = step;
  const containers = path.map((_, depth) => (depth === 0 ? "data" : code.name("record")));
  const getPrototype = code.bind(Object.getPrototypeOf);
  const plain = (name: string) =>
    `typeof ${name} === "object" && ${name} !== null && ${getPrototype}(${name}) === ${code.bind(plainPrototype)}`;
  for (let depth = 1; depth < path.length; depth++) code.line(`let ${containers[depth]};`);
  const tests = containers.map((name, depth) => {
    if (depth === 0) return plain(name);
    const read = `(${name} = ${containers[depth - 1]}[${literal(path[depth - 1]!)}])`;
    return `(${read} === undefined ? (${name} = {}, true) : ${plain(name)})`;
  });
  code.line(`if (${tests.join(" && ")}) {`);
  // A value that is part of this data must not be put into itself: then the records on the way are copied, so that it stays what it was.
  const inPlace = aliases ? `(typeof ${held} !== "object" || ${held} === null)` : "true";
  containers.forEach((name, depth) => {
    const owned = step.ownership.owns(path.slice(0, depth));
    if (!owned) code.line(`${name} = { ...${name} };`);
    else if (aliases) code.line(`if (!${inPlace}) ${name} = { ...${name} };`);
    if (depth > 0) code.line(`${containers[depth - 1]}[${literal(path[depth - 1]!)}] = ${name};`);
  });
  code.line(`${containers.at(-1)}[${literal(path.at(-1)!)}] = ${held};`, `} else ${slow}`);
}

const scalarKinds = new Set([
  "null",
  "bool",
  "int",
  "uint",
  "double",
  "string",
  "bytes",
  "timestamp",
  "duration",
  "type",
]);

/** Its values never hold another value that could be changed. */
const isScalar = (tree: ExprTree): boolean => scalarKinds.has(tree.kind);

/** @throws EvaluationError when something on the way is there and is no record. */
export function setPath(data: unknown, path: readonly string[], value: unknown, depth = 0): unknown {
  if (depth === path.length) return value;
  const record = depth > 0 && (data === undefined || data === null) ? {} : data;
  if (!isRecordValue(record)) throw notRecord(path.slice(0, depth));
  const name = path[depth]!;
  const child = record instanceof Map ? record.get(name) : Object.hasOwn(record, name) ? record[name] : undefined;
  return withField(record, name, setPath(child, path, value, depth + 1));
}
