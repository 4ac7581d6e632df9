/**
 * `flatten` whose result goes straight into JSON: writes the text without making the record. Each joined key is put together and quoted
 * once and then found again by walking a tree of the keys seen.
 */
import type { OperatorPlan } from "../../compiler/contract/runtime-config.ts";
import type { Reader } from "../engine/graph.ts";
import { EvaluationError } from "../expr/evaluation-error.ts";
import { flatten, isNest } from "./flatten.ts";
import type { StepEmission } from "./operator.ts";
import { plainPrototype } from "./records.ts";

/** The step ends in `flatten` and everything that reads it is a JSON sink. */
export function canFlattenToText(operators: readonly OperatorPlan[], readers: readonly Reader[]): boolean {
  if (operators.at(-1)?.op !== "flatten" || readers.length === 0) return false;
  return readers.every(
    ({ node, edge }) =>
      node.kind === "sink" && node.format.type === "json" && edge.where === undefined && edge.otherwise === undefined,
  );
}

export function emitFlattenToText(plan: OperatorPlan, step: StepEmission): void {
  const separator = plan.op === "flatten" ? plan.separator : "";
  const writer = new FlatJsonWriter(separator, step.services.toJson);
  step.code.line(`data = ${step.code.bind(writer)}.write(data);`);
}

class KeyNode {
  /** `,"a.b":`; "," for the root, which has no key. */
  readonly text: string;
  readonly name: string;
  /** A key on the way holds a character of the separator, so that another path could give the same name. */
  readonly ambiguous: boolean;
  readonly fields = new Map<string, KeyNode>();
  readonly items: KeyNode[] = [];

  constructor(name: string, ambiguous: boolean) {
    this.name = name;
    this.text = `,${JSON.stringify(name)}:`;
    this.ambiguous = ambiguous;
  }
}

/** Keys beyond this many are put together each time: data may hold any number of different ones. */
const maxKnownKeys = 20_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes these
const needsQuoting = /["\\\u0000-\u001f\ud800-\udfff]/;

export class FlatJsonWriter {
  private readonly separator: string;
  private readonly toJson: (data: unknown) => string;
  private readonly root = new KeyNode("", false);
  private knownKeys = 0;
  private ambiguous = false;
  private json = "";

  constructor(separator: string, toJson: (data: unknown) => string) {
    this.separator = separator;
    this.toJson = toJson;
  }

  /** @throws EvaluationError when data is no record or list. */
  write(data: unknown): string {
    if (!isNest(data)) throw new EvaluationError("no-such-overload", "flatten needs a record or a list");
    this.json = "";
    this.ambiguous = this.separator === "";
    this.putAll(this.root, data);
    return this.ambiguous ? this.toJson(flatten(data, this.separator)) : `{${this.json.slice(1)}}`;
  }

  /** Returns false when there was nothing in it. */
  private putAll(node: KeyNode, nest: object): boolean {
    let any = false;
    if (Array.isArray(nest)) {
      for (let index = 0; index < nest.length; index++)
        this.put(node.items[index] ?? this.item(node, index), nest[index]);
      return nest.length > 0;
    }
    if (nest instanceof Map) {
      for (const [key, value] of nest) this.put(node.fields.get(String(key)) ?? this.child(node, String(key)), value);
      return nest.size > 0;
    }
    const record = nest as Readonly<Record<string, unknown>>;
    for (const key in record) {
      any = true;
      this.put(node.fields.get(key) ?? this.child(node, key), record[key]);
    }
    return any;
  }

  private put(node: KeyNode, value: unknown): void {
    if (typeof value === "string") {
      this.json += needsQuoting.test(value) ? node.text + JSON.stringify(value) : `${node.text}"${value}"`;
    } else if (typeof value === "object" && value !== null) {
      this.putObject(node, value);
      return;
    } else if (typeof value === "number") this.json += node.text + (Number.isFinite(value) ? value : "null");
    else this.json += node.text + String(value);
    if (node.ambiguous) this.ambiguous = true;
  }

  private putObject(node: KeyNode, value: object): void {
    if (Array.isArray(value)) {
      if (!this.putAll(node, value)) this.json += `${node.text}[]`;
    } else if (Object.getPrototypeOf(value) === plainPrototype || value instanceof Map) {
      if (!this.putAll(node, value)) this.json += `${node.text}{}`;
    } else this.json += node.text + this.toJson(value);
    if (node.ambiguous) this.ambiguous = true;
  }

  private child(parent: KeyNode, key: string): KeyNode {
    const node = this.node(parent, key);
    if (this.knownKeys++ < maxKnownKeys) parent.fields.set(key, node);
    return node;
  }

  private item(parent: KeyNode, index: number): KeyNode {
    const node = this.node(parent, String(index));
    if (index === parent.items.length && this.knownKeys++ < maxKnownKeys) parent.items.push(node);
    return node;
  }

  private node(parent: KeyNode, key: string): KeyNode {
    const name = parent === this.root ? key : parent.name + this.separator + key;
    return new KeyNode(name, parent.ambiguous || [...this.separator].some((c) => key.includes(c)));
  }
}
