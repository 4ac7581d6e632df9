/**
 * Checks decoded data against a declared type. Two parts: generated code that answers yes for data that is plainly right, which is nearly
 * all of it, and a slow walk (problem.ts) that decides the rest and says what is wrong. Records are open: fields not named are not looked at.
 */
import type { RecordField, TypeTable, ValueType } from "../../compiler/contract/value-type.ts";
import { literal, type StageCode } from "../engine/stage-code.ts";
import { parseMillis } from "../expr/values/rfc3339.ts";
import { plainPrototype } from "../operators/records.ts";
import { problemOf } from "./problem.ts";

/** Writes the check; returns the name of a function from data to a problem in words, or undefined when the data is right. */
export function emitValidator(code: StageCode, type: ValueType, types: TypeTable): string {
  const quick = new QuickCheck(code, types);
  const test = quick.test(type, "data");
  const name = code.name("validate");
  const slow = code.bind((data: unknown) => problemOf(data, type, types));
  code.line(`const ${name} = (data) => ${test} ? undefined : ${slow}(data);`);
  return name;
}

class QuickCheck {
  private readonly functionByRef = new Map<string, string>();
  private readonly code: StageCode;
  private readonly types: TypeTable;

  constructor(code: StageCode, types: TypeTable) {
    this.code = code;
    this.types = types;
  }

  /** A JavaScript expression: true only when the value of `js` (a name or a field of a name) has the type. */
  test(type: ValueType, js: string): string {
    switch (type.kind) {
      case "any":
      case "unknown":
        return "true";
      case "null":
        return `${js} === null`;
      case "bool":
        return `typeof ${js} === "boolean"`;
      case "string":
        return `typeof ${js} === "string"`;
      case "int":
        return `Number.isSafeInteger(${js})`;
      case "uint":
        return `(Number.isSafeInteger(${js}) && ${js} >= 0)`;
      case "double":
        return `typeof ${js} === "number"`;
      case "timestamp":
        return `(typeof ${js} === "string" && !Number.isNaN(${this.code.bind(parseMillis)}(${js})))`;
      case "literal":
        return `${js} === ${typeof type.value === "string" ? literal(type.value) : String(type.value)}`;
      case "union":
        return `(${type.members.map((member) => this.test(member, js)).join(" || ")})`;
      case "list":
        return this.list(type.element, js);
      case "record":
        return this.record(type.fields, js);
      case "optional":
        return this.test(type.of, js);
      case "ref":
        return `${this.reference(type.name)}(${js})`;
      case "map":
      case "bytes":
      case "duration":
      case "type":
        return "false";
    }
  }

  private list(element: ValueType, js: string): string {
    const item = this.test(element, "item");
    if (item === "true") return `Array.isArray(${js})`;
    const each = this.define("each", `for (const item of list) if (!(${item})) return false; return true;`, "list");
    return `(Array.isArray(${js}) && ${each}(${js}))`;
  }

  private record(fields: readonly RecordField[], js: string): string {
    const lines = fields.map((field) => this.field(field));
    const plain = `typeof data === "object" && data !== null && ${this.code.bind(Object.getPrototypeOf)}(data) === ${this.code.bind(plainPrototype)}`;
    return `${this.define("record", `if (!(${plain})) return false; ${lines.join(" ")} return true;`, "data")}(${js})`;
  }

  private field({ name, type, optional }: RecordField): string {
    // What every object inherits is there without being there: the slow walk looks closer.
    if (name in {}) return "return false;";
    const field = this.code.name("field");
    const test = this.test(type, field);
    const wrong = optional
      ? `${field} !== undefined && ${field} !== null && !(${test})`
      : test === "true"
        ? `${field} === undefined`
        : `!(${test})`;
    return `const ${field} = data[${literal(name)}]; ${optional && test === "true" ? "" : `if (${wrong}) return false;`}`;
  }

  private reference(name: string): string {
    const known = this.functionByRef.get(name);
    if (known !== undefined) return known;
    const made = this.code.name("type");
    this.functionByRef.set(name, made);
    const type = Object.hasOwn(this.types, name) ? this.types[name] : undefined;
    const test = type === undefined ? "true" : this.test(type, "data");
    this.code.line(`function ${made}(data) { return ${test}; }`);
    return made;
  }

  private define(hint: string, body: string, parameter: string): string {
    const name = this.code.name(hint);
    this.code.line(`function ${name}(${parameter}) { ${body} }`);
    return name;
  }
}
