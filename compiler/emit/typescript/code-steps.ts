/** The `code` of a model's steps, with the types of the data that comes and of what it must give. */
import type { ValueType } from "../../contract/value-type.ts";
import type { Model, ModelNode } from "../../semantics/model.ts";
import { typeAfter, typedOperator } from "../../semantics/operator-types.ts";
import type { Location } from "../../source/span.ts";

export interface CodeStep {
  readonly node: string;
  readonly source: string;
  /** Of the expression that gives the source, mostly a literal. */
  readonly at: Location;
  readonly given: ValueType;
  /** Undefined where anything will do. */
  readonly result: ValueType | undefined;
}

export const hasCode = ({ nodes }: Model): boolean =>
  nodes.some(({ clauses }) => clauses.some(({ row }) => row === codeRow));

export const codeSteps = (model: Model): readonly CodeStep[] => model.nodes.flatMap((node) => stepsOf(node, model));

const codeRow = "step.code";

function stepsOf(node: ModelNode, { types }: Model): CodeStep[] {
  const steps: CodeStep[] = [];
  let type = node.inputType;
  for (const clause of node.clauses) {
    const source = clause.row === codeRow ? clause.values.get("source") : undefined;
    if (source?.kind === "constant" && typeof source.value === "string")
      steps.push({
        node: node.name,
        source: source.value,
        at: { file: node.file, ...source.syntax.value.span },
        given: type,
        result: clause.syntax === typedOperator(node.declaration) ? node.declaredType : undefined,
      });
    type = typeAfter(clause, type, node, types);
  }
  return steps;
}
