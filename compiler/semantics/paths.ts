/** Checks the paths that `set` and `remove` write to: a misspelt one would do nothing, and nobody would notice. */
import type { ValueType } from "../contract/value-type.ts";
import { didYouMean, nearest } from "../source/nearest.ts";
import type { ArgumentValue, Name } from "../syntax/ast.ts";
import type { Declared } from "./program.ts";
import { fieldOf, isOpen, nameOfType, resolveType } from "./types.ts";

type Path = Extract<ArgumentValue, { readonly kind: "path" }>;

export interface PathRule {
  /** `set` or `remove`. */
  readonly clause: string;
  /** The whole path must be there already. */
  readonly mustExist: boolean;
}

export function checkPath(path: Path, data: ValueType, { clause, mustExist }: PathRule, declared: Declared): void {
  if (path.root.text !== "data" || path.steps.length === 0) reportRoot(path, clause, declared);
  else checkSteps(path.steps, data, mustExist, declared);
}

/** A path that is no field of the payload: `total`, `event.type`, or `data` itself. */
function reportRoot({ root, steps, span }: Path, clause: string, { program }: Declared): void {
  if (root.text === "data") {
    const hint = clause === "set" ? " To replace all of it, write 'map …'." : "";
    program.main.report("FLOW3510", span, { clause, found: "all of it", hint });
    return;
  }
  const found = `'${[root, ...steps].map((name) => name.text).join(".")}'`;
  if (root.text === "event") {
    const hint = clause === "set" ? " Attributes are set with 'attributes { … }'." : "";
    program.main.report("FLOW3510", span, { clause, found, hint });
    return;
  }
  const edits = [{ file: program.path, start: root.span.start, end: root.span.start, newText: "data." }];
  program.main.report(
    "FLOW3510",
    span,
    { clause, found, hint: "" },
    { fixes: [{ title: "Put 'data.' before it", edits }] },
  );
}

function checkSteps(steps: readonly Name[], data: ValueType, mustExist: boolean, declared: Declared): void {
  let at = data;
  let walked = "data";
  for (const step of steps) {
    const type = resolveType(at, declared.types);
    if (step.text === "" || isOpen(type) || type.kind === "map" || type.kind === "union") return;
    if (type.kind !== "record") {
      declared.program.main.report("FLOW3021", step.span, { field: step.text, type: nameOfType(type), hint: "" });
      return;
    }
    const field = fieldOf(type, step.text);
    if (!field) {
      if (mustExist)
        reportMissing(
          step,
          walked,
          at,
          type.fields.map((each) => each.name),
          declared,
        );
      return;
    }
    at = field.type;
    walked += `.${step.text}`;
  }
}

function reportMissing(step: Name, of: string, type: ValueType, names: readonly string[], { program }: Declared): void {
  const near = nearest(step.text, names);
  const { start, end } = step.span;
  const fixes =
    near === undefined
      ? []
      : [{ title: `Change to '${near}'`, edits: [{ file: program.path, start, end, newText: near }] }];
  const known = near === undefined && names.length > 0 ? ` It has ${names.map((name) => `'${name}'`).join(", ")}.` : "";
  program.main.report(
    "FLOW3002",
    step.span,
    { field: step.text, of: `'${of}'`, type: nameOfType(type), hint: didYouMean(near) + known },
    { fixes },
  );
}
