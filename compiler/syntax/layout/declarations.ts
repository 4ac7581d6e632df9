/** Declarations and clauses → documents. */
import type {
  Argument,
  ArgumentValue,
  Clause,
  Declaration,
  Input,
  Name,
  NodeDeclaration,
  TestDeclaration,
  TypeDefinition,
} from "../ast.ts";
import { dangling } from "./brackets.ts";
import { type Doc, group, hardLine, indent, join, line } from "./doc.ts";
import { ExpressionPrinter } from "./expressions.ts";
import { canBeBackquoted, isBareField, quoted } from "./literals.ts";

export class DeclarationPrinter extends ExpressionPrinter {
  declaration(declaration: Declaration): Doc {
    return [this.docOf(declaration), this.declared(declaration)];
  }

  private declared(declaration: Declaration): Doc {
    switch (declaration.kind) {
      case "pipeline":
        return [
          `pipeline ${declaration.name.text}`,
          declaration.braces ? this.block(declaration.clauses, declaration, declaration.name.span.end) : "",
        ];
      case "import":
        return ["import ", this.print(declaration.path)];
      case "param": {
        const type = declaration.type === undefined ? "" : [": ", this.type(declaration.type)];
        const value = declaration.default === undefined ? "" : [" = ", this.print(declaration.default)];
        return [`param ${declaration.name.text}`, type, value];
      }
      case "type":
        return [`type ${declaration.name.text} `, this.definition(declaration.definition)];
      case "fn":
        return this.fn(declaration);
      case "test":
        return this.test(declaration);
      default:
        return this.node(declaration);
    }
  }

  private definition(definition: TypeDefinition): Doc {
    return definition.kind === "type"
      ? this.type(definition.type)
      : [`from ${definition.from}(`, this.print(definition.path), ")"];
  }

  private fn(declaration: Declaration & { kind: "fn" }): Doc {
    const parameters = declaration.parameters.map(({ name, type }) => [
      name.text,
      type === undefined ? "" : [": ", this.type(type)],
    ]);
    const result = declaration.result === undefined ? "" : [": ", this.type(declaration.result)];
    return [`fn ${declaration.name.text}(`, join(parameters, ", "), ")", result, " = ", this.print(declaration.body)];
  }

  private test(declaration: TestDeclaration): Doc {
    return [
      "test ",
      this.print(declaration.title),
      this.block(declaration.statements, declaration, declaration.title.span.end),
    ];
  }

  private node(node: NodeDeclaration): Doc {
    const type = node.type === undefined ? "" : [": ", this.type(node.type)];
    const inputs = node.inputs.map((input) => this.input(input));
    const from = inputs.length === 0 ? "" : group([" from ", indent(join(inputs, [",", line]))]);
    const headerEnd = node.inputs.at(-1)?.span.end ?? node.type?.span.end ?? node.name.span.end;
    return [`${node.kind} ${node.name.text}`, type, from, this.block(node.clauses, node, headerEnd)];
  }

  private input(input: Input): Doc {
    const output = input.output === undefined ? "" : `.${input.output.text}`;
    const alias = input.alias === undefined ? "" : ` as ${input.alias.text}`;
    const where = input.where === undefined ? "" : [" where ", this.print(input.where)];
    const otherwise = input.otherwise === undefined ? "" : " otherwise";
    return [`${input.node.text}${output}${alias}`, where, otherwise];
  }

  /** ` { … }`; on one line only if it was written so. `around` ends with the block, which starts after `headerEnd`. */
  private block(
    clauses: readonly Clause[],
    around: { readonly span: { readonly end: number } },
    headerEnd: number,
  ): Doc {
    const end = around.span.end - 1;
    if (clauses.length === 0) {
      const handed = this.before(end);
      if (handed.isEmpty) return " {}";
      return [" {", dangling(handed), hardLine, "}"];
    }
    const breaks =
      this.style.isGenerated || this.style.comments.hasNewline(this.style.comments.braceAfter(headerEnd) + 1);
    const printed = clauses.map((clause, i) => {
      const handed = this.before(clause.span.start);
      const blank = i > 0 && handed.hasBlankBefore && breaks ? hardLine : "";
      return [handed.trailing, line, blank, handed.leading, this.clause(clause)];
    });
    return group([" {", indent(printed), this.closing(end, line), "}"], breaks);
  }

  private clause(clause: Clause): Doc {
    const printed = clause.arguments.map((argument) => this.argument(argument));
    return [this.docOf(clause), clause.keyword.text, printed.map((argument) => [" ", argument])];
  }

  private argument(argument: Argument): Doc {
    const words = argument.words.map((word) => `${word.text} `).join("");
    return [words, this.value(argument.value)];
  }

  private value(value: ArgumentValue): Doc {
    switch (value.kind) {
      case "word":
        return value.text;
      case "range":
        return [this.print(value.from, 6), "..", this.print(value.to, 6)];
      case "rate":
        return [this.print(value.count, 6), `/${value.per.text}`];
      case "path":
        return `${value.root.text}${value.steps.map(printStep).join("")}`;
      case "node":
        return value.output === undefined ? value.node.text : `${value.node.text}.${value.output.text}`;
      case "many":
        return join(
          value.values.map((one) => this.value(one)),
          ", ",
        );
      case "block":
        return this.clauseBlock(value.clauses, value.span);
      default:
        return this.print(value);
    }
  }

  private clauseBlock(clauses: readonly Clause[], span: { readonly start: number; readonly end: number }): Doc {
    if (clauses.length === 0) return "{}";
    const breaks = !this.style.isGenerated && this.style.comments.hasNewline(span.start + 1);
    const printed = clauses.map((clause) => {
      const handed = this.before(clause.span.start);
      return [handed.trailing, line, handed.leading, this.clause(clause)];
    });
    return group(["{", indent(printed), this.closing(span.end - 1, line), "}"], breaks);
  }
}

function printStep(step: Name): string {
  if (isBareField(step.text)) return `.${step.text}`;
  return canBeBackquoted(step.text) ? `.\`${step.text}\`` : `[${quoted(step.text)}]`;
}
