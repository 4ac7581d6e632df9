/**
 * Fields of declared types, and every place that means one: selections, records that become such a type, paths of `set` and `remove`,
 * records in tests. A field that `set` has written over is still the same one to whoever renames it.
 */
import type { RecordField, TypeTable, ValueType } from "../contract/value-type.ts";
import { typeOrigins } from "../ir/type-origins.ts";
import type { Model, ModelNode } from "../semantics/model.ts";
import { originOfField, typeAfter } from "../semantics/operator-types.ts";
import { fieldOf, membersOf, resolveType } from "../semantics/types.ts";
import type { Location, Span } from "../source/span.ts";
import type { Argument, Expression, Name, TypeExpression } from "../syntax/ast.ts";
import { allParts } from "./syntax-path.ts";

/** A place that names a field, and the field of the type that it names; without one the type has no declaration here. */
export interface FieldUse {
  readonly name: Name;
  readonly at: Location;
  /** Where it is declared; undefined when its type is inferred, or comes from a schema or sample. */
  readonly declared: Location | undefined;
}

const usesByModel = new WeakMap<Model, readonly FieldUse[]>();

/** Every place of the file that was checked, in no order; each once. */
export function fieldUses(model: Model): readonly FieldUse[] {
  const known = usesByModel.get(model);
  if (known) return known;
  const found = new Map<Span, FieldUse>();
  const origins = fieldOrigins(model);
  const alike = new Map<RecordField, RecordField>();
  const declarationOf = (field: RecordField): Location | undefined => {
    const origin = originOfField(field);
    return origins.get(origin) ?? origins.get(alike.get(origin) ?? origin);
  };
  const put = (name: Name, field: RecordField): void => {
    const { start, end } = name.span;
    if (name.text !== "")
      found.set(name.span, { name, at: { file: model.path, start, end }, declared: declarationOf(field) });
  };
  for (const [e, type] of literalRoots(model)) literalFields(e, type, model, put, alike);
  for (const e of model.typeOf.keys()) {
    if (e.kind !== "select") continue;
    const field = fieldIn(model.typeOf.get(e.of), e.field.text, model.types);
    if (field) put(e.field, field);
  }
  for (const node of model.nodes) pathFields(node, model.types, put);
  for (const name of declaredNames(model)) {
    const { start, end } = name.span;
    const at = { file: model.path, start, end };
    found.set(name.span, { name, at, declared: at });
  }
  const uses = [...found.values()];
  usesByModel.set(model, uses);
  return uses;
}

export function fieldIn(type: ValueType | undefined, name: string, types: TypeTable): RecordField | undefined {
  const resolved = type && resolveType(type, types);
  if (resolved?.kind === "optional") return fieldIn(resolved.of, name, types);
  return resolved?.kind === "record" ? fieldOf(resolved, name) : undefined;
}

/** Where the fields of declared types are written. Types that are made of others share their fields. */
function fieldOrigins(model: Model): ReadonlyMap<RecordField, Location> {
  const places = typeOrigins(model.symbols);
  const found = new Map<RecordField, Location>();
  const walk = (type: ValueType, path: string): void => {
    if (type.kind === "list") walk(type.element, path);
    else if (type.kind === "map") walk(type.value, path);
    else if (type.kind === "union") for (const member of type.members) walk(member, path);
    else if (type.kind === "record") {
      for (const field of type.fields) {
        const inner = `${path}/${field.name}`;
        const at = places[inner];
        if (at) found.set(field, at);
        walk(field.type, inner);
      }
    }
  };
  for (const [name, type] of Object.entries(model.types)) walk(type, name);
  return found;
}

/** The names of fields in the file's own types. */
function declaredNames({ file }: Model): readonly Name[] {
  return file.declarations.flatMap((declaration) => {
    if (declaration.kind !== "type" || declaration.definition.kind !== "type") return [];
    return [...allParts(declaration.definition.type)].flatMap((part) => ("fields" in part ? fieldNames(part) : []));
  });
}

const fieldNames = (part: object): readonly Name[] =>
  (part as Extract<TypeExpression, { readonly kind: "record" }>).fields.map(({ name }) => name);

// Records that become a value of a type

type Put = (name: Name, field: RecordField) => void;

/** Expressions that must give a type that stands elsewhere. */
function literalRoots(model: Model): readonly (readonly [Expression, ValueType])[] {
  return [...testRoots(model), ...functionRoots(model), ...nodeRoots(model)];
}

const testRoots = ({ tests }: Model): readonly (readonly [Expression, ValueType])[] =>
  tests.flatMap(({ statements }) =>
    statements.flatMap((one): readonly (readonly [Expression, ValueType])[] => {
      if (one.kind === "event") return [[one.data.syntax, one.source.outputType]];
      if (one.kind === "table") return one.rows.map((row) => [row.syntax, one.table.outputType]);
      if (one.kind === "expect" && one.output !== "errors")
        return one.events.map((event) => [event.syntax, one.node.outputType]);
      return [];
    }),
  );

/** Defaults of params, what functions give, and what they are called with. */
function functionRoots(model: Model): readonly (readonly [Expression, ValueType])[] {
  const found: (readonly [Expression, ValueType])[] = [];
  const add = (e: Expression | undefined, type: ValueType | undefined): void => {
    if (e && type) found.push([e, type]);
  };
  for (const { declaration, type } of model.params.values()) add(declaration.default, type);
  for (const fn of model.functions.values()) add(fn.body, fn.result && writtenType(fn.result));
  for (const e of model.typeOf.keys()) {
    const fn = e.kind === "call" ? model.functions.get(e.name.text) : undefined;
    if (!fn || e.kind !== "call") continue;
    const given = e.receiver === undefined ? e.arguments : [e.receiver, ...e.arguments];
    for (const [i, { type }] of fn.parameters.entries()) add(given[i], type && writtenType(type));
  }
  return found;
}

function writtenType(type: TypeExpression): ValueType | undefined {
  if (type.kind === "name") return { kind: "ref", name: type.name.text };
  const element = type.kind === "list" ? writtenType(type.element) : undefined;
  return element && { kind: "list", element };
}

/** What a node makes of its input, where it or its reader says which type that is. A step says it of what comes back from user code. */
const nodeRoots = ({ nodes }: Model): readonly (readonly [Expression, ValueType])[] =>
  nodes.flatMap((node) => {
    const typed = [node, ...node.readers.map((reader) => reader.node)].filter(({ kind }) => kind !== "step");
    const type = typed.find(({ declaredType }) => declaredType)?.declaredType;
    const made = node.clauses.filter(({ keyword }) => keyword === "map" || keyword === "emit").at(-1);
    if (!type || !made) return [];
    return [...made.values.values()].flatMap((value) =>
      value.kind === "expr" ? [[value.value.syntax, type] as const] : [],
    );
  });

/** @param alike gets the fields of the literals' own types: whoever selects them means the declared ones. */
function literalFields(
  e: Expression,
  type: ValueType,
  model: Model,
  put: Put,
  alike: Map<RecordField, RecordField>,
): void {
  const inside = (inner: Expression, of: ValueType): void => literalFields(inner, of, model, put, alike);
  const members = membersOf(type.kind === "optional" ? type.of : type, model.types).map((one) =>
    resolveType(one, model.types),
  );
  switch (e.kind) {
    case "parentheses":
      inside(e.of, type);
      return;
    case "conditional":
      inside(e.then, type);
      inside(e.else, type);
      return;
    case "list":
      for (const member of members)
        if (member.kind === "list") for (const item of e.items) inside(item.value, member.element);
      return;
    case "record":
      for (const entry of e.entries) {
        if (entry.kind !== "field") continue;
        const field = members.flatMap((member) => fieldIn(member, entry.key.text, model.types) ?? [])[0];
        if (field) {
          put(entry.key, field);
          const own = fieldIn(model.typeOf.get(e), entry.key.text, model.types);
          if (own && own !== field) alike.set(own, originOfField(field));
          inside(entry.value, field.type);
        }
        for (const member of members) if (member.kind === "map") inside(entry.value, member.value);
      }
      return;
    default:
  }
}

// Paths

/** Of `set` and `remove`, each against what `data` is there. */
function pathFields(node: ModelNode, types: TypeTable, put: Put): void {
  if (node.kind !== "step") return;
  let data = node.inputType;
  for (const clause of node.clauses) {
    for (const steps of clause.syntax.arguments.flatMap(pathsIn)) {
      let at: ValueType | undefined = data;
      for (const step of steps) {
        const field: RecordField | undefined = fieldIn(at, step.text, types);
        if (field) put(step, field);
        at = field?.type;
      }
    }
    data = typeAfter(clause, data, node, types);
  }
}

const pathsIn = ({ value }: Argument): readonly (readonly Name[])[] =>
  (value.kind === "many" ? value.values : [value]).flatMap((one) =>
    one.kind === "path" && one.root.text === "data" ? [one.steps] : [],
  );
