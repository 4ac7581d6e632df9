/** FLOW5009: values that the API server would refuse. */
import { isRecord } from "../constants.ts";
import type { ModelClause } from "../model.ts";
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
    for (const name of ["cpu", "memory"]) {
      const option = value?.kind === "options" ? value.options.get(name) : undefined;
      const isQuantity = typeof option?.value !== "string" || quantity.test(option.value);
      if (option && !isQuantity)
        report(`'${name}'`, String(option.value), "a quantity such as '500m', '2' or '256Mi'", option.span);
    }
  }
}
