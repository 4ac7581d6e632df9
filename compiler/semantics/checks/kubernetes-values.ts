/** FLOW5009: values that the API server would refuse. */
import type { Span } from "../../source/span.ts";
import { isRecord } from "../constants.ts";
import type { CheckedExpression, Constant, ModelClause } from "../model.ts";
import type { Check, CheckedProgram } from "./checked-program.ts";

export const kubernetesValues: Check = (checked) => {
  for (const clause of checked.header.clauses) checkClause(clause, checked);
  for (const node of checked.graph.nodes) for (const clause of node.clauses) checkClause(clause, checked);
};

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const labelName = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const quantity = /^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

function checkClause(clause: ModelClause, { declared }: CheckedProgram): void {
  const report = (what: string, value: string, rule: string, span = clause.syntax.span): void =>
    declared.program.main.report("FLOW5009", span, { what, value, rule });
  if (clause.keyword === "namespace") {
    const value = clause.values.get("namespace");
    if (value?.kind === "constant" && typeof value.value === "string" && !dnsLabel.test(value.value)) {
      report("The namespace", value.value, "small letters, digits and '-', at most 63", value.syntax.span);
    }
  } else if (clause.keyword === "labels") {
    const value = clause.values.get("labels");
    const entries = value?.kind === "constant" && isRecord(value.value) ? value.value.entries : [];
    for (const [name, label] of entries) {
      if (!labelName.test(name))
        report("A label's name", name, "letters, digits, '-', '_' and '.', at most 63", value!.syntax.span);
      if (typeof label !== "string")
        declared.program.main.report("FLOW3501", value!.syntax.span, {
          what: `The label '${name}'`,
          expected: "a string",
          found: "something else",
        });
      else if (!labelValue.test(label))
        report(`The label '${name}'`, label, "letters, digits, '-', '_' and '.', at most 63", value!.syntax.span);
    }
  } else if (clause.keyword === "resources") {
    const value = clause.values.get("resources");
    const options = value?.kind === "options" ? [...value.options] : [];
    for (const [name, { value: amount, span }] of options) checkQuantity(name, amount, span, report);
  } else if (clause.keyword === "container") {
    const value = clause.values.get("options");
    const option = value?.kind === "options" ? value.options.get("resources") : undefined;
    const resources = option && isConstant(option.value) && isRecord(option.value) ? option.value.entries : [];
    for (const [name, amount] of resources) checkQuantity(name, amount, option!.span, report);
  }
}

type ReportValue = (what: string, value: string, rule: string, span: Span) => void;

/** Of `cpu` and `memory`, or of each of the `limits`. */
function checkQuantity(name: string, amount: Constant | CheckedExpression, span: Span, report: ReportValue): void {
  if (typeof amount === "string" && !quantity.test(amount))
    report(`'${name}'`, amount, "a quantity such as '500m', '2' or '256Mi'", span);
  if (isConstant(amount) && isRecord(amount))
    for (const [limit, most] of amount.entries) checkQuantity(limit, most, span, report);
}

const isConstant = (value: Constant | CheckedExpression): value is Constant =>
  typeof value !== "object" || value === null || !("tree" in value);
