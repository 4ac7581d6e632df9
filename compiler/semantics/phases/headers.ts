/** Checks the `pipeline` header, and takes the connection defaults of those of imported files. */
import type { PipelineDeclaration } from "../../syntax/ast.ts";
import { sortClauses } from "../clause-rows.ts";
import { type ClauseScope, checkClause } from "../clause-values.ts";
import { checkConnector, checkConnectorOptions } from "../connectors.ts";
import { checkedExpression } from "../expressions.ts";
import type { ModelClause, ModelConnector } from "../model.ts";
import { type Declared, isBroken, type ProgramFile } from "../program.ts";
import { eventVariables } from "../scopes.ts";
import { anyType } from "../types.ts";

export interface Header {
  readonly declaration: PipelineDeclaration | undefined;
  readonly clauses: readonly ModelClause[];
}

/** Fills `defaults`: those of the main file first, so that they win. */
export function checkHeaders(declared: Declared, defaults: Map<string, ModelConnector>): Header {
  const { program } = declared;
  const header = headerOf(program.main);
  const sorted = header && takeDefaults(header, program.main, declared, defaults);
  for (const file of program.files.toReversed()) {
    const imported = file === program.main ? undefined : headerOf(file);
    if (imported) takeDefaults(imported, file, declared, defaults);
  }
  const scope = headerScope(program.main, declared, defaults);
  return {
    declaration: header,
    clauses: sorted?.clauses.map(({ clause, row }) => checkClause(clause, row, scope)) ?? [],
  };
}

const headerOf = (file: ProgramFile): PipelineDeclaration | undefined =>
  file.tree.declarations.find((declaration) => declaration.kind === "pipeline");

function takeDefaults(
  header: PipelineDeclaration,
  file: ProgramFile,
  declared: Declared,
  defaults: Map<string, ModelConnector>,
) {
  const scope = headerScope(file, declared, defaults);
  const sorted = sortClauses(header.clauses, {
    place: "pipeline",
    file: file.path,
    report: file.report,
  });
  const seen = new Set<string>();
  for (const { clause, row } of sorted.connectors) {
    if (seen.has(row.name)) file.report("FLOW2011", clause.keyword.span, { clause: row.name });
    seen.add(row.name);
    if (!row.roles.includes("defaults")) {
      const owner = {
        role: "defaults" as const,
        kind: "header",
        name: header.name.text,
        span: clause.keyword.span,
        defaults,
        quiet: true,
      };
      checkConnector({ ...sorted, connectors: [{ clause, row }] }, owner, scope);
    } else if (!defaults.has(row.name)) {
      const owner = {
        role: "defaults" as const,
        kind: "header",
        name: header.name.text,
        span: clause.keyword.span,
        defaults: new Map(),
        quiet: false,
      };
      defaults.set(row.name, checkConnectorOptions(clause, row, owner, scope));
    }
  }
  return sorted;
}

function headerScope(
  file: ProgramFile,
  declared: Declared,
  defaults: ReadonlyMap<string, ModelConnector>,
): ClauseScope {
  const variables = eventVariables(anyType);
  const scope: ClauseScope = {
    file: file.path,
    report: file.report,
    params: declared.params,
    expression: (e) => checkedExpression(e, { file: file.path, report: file.report, variables }, declared),
    typed: (e) => checkedExpression(e, { file: file.path, report: file.report, variables }, declared),
    broken: (span) => isBroken(file, span),
    block: (value, syntax) => {
      const sorted = sortClauses(value.clauses, {
        place: "errors",
        file: file.path,
        report: file.report,
      });
      const owner = {
        role: "dead_letter" as const,
        kind: "dead letter",
        name: "errors",
        span: syntax.span,
        defaults,
        quiet: isBroken(file, value.span),
      };
      const connector = checkConnector(sorted, owner, scope);
      return {
        kind: "block",
        syntax,
        connector,
        clauses: sorted.clauses.map(({ clause, row }) => checkClause(clause, row, scope)),
      };
    },
  };
  return scope;
}
