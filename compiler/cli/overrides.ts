/** `--from lines=file:book.txt` and `--to totals=stdout`: other connectors for the sources and sinks of one run. */
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { connectorRow, connectors, optionsIn } from "../catalog/connectors.ts";
import type { ConnectorRow, Role } from "../catalog/rows.ts";
import type { Ir, IrConnector, IrNode, IrOptions } from "../ir/ir.ts";
import { didYouMean, nearest } from "../source/nearest.ts";
import { UsageError } from "./exit.ts";

export interface Override {
  readonly flag: "--from" | "--to";
  readonly word: string;
  readonly node: string;
  readonly connector: string;
  readonly argument: string | undefined;
}

/** `NODE=CONNECTOR` or `NODE=CONNECTOR:ARG`; everything after the first colon is the argument. */
export function parseOverride(flag: Override["flag"], word: string): Override {
  const match = /^([^=:]+)=(\w+)(?::([\s\S]*))?$/.exec(word);
  if (match === null) {
    const example = flag === "--from" ? "lines=file:book.txt" : "totals=stdout";
    throw new UsageError(`'${flag} ${word}' is not of the form NODE=CONNECTOR:ARG.`, `For example: ${flag} ${example}`);
  }
  return { flag, word, node: match[1]!.trim(), connector: match[2]!, argument: match[3] };
}

/**
 * The pipeline with the connectors replaced; everything else, the format too, stays as it is.
 * @param file the .flow file: paths in it are relative to its folder, those on the command line to `cwd`.
 */
export function applyOverrides(ir: Ir, overrides: readonly Override[], file: string, cwd: string): Ir {
  const connectorByNode = new Map<string, IrConnector>();
  for (const override of overrides) {
    const node = nodeOf(ir, override);
    if (connectorByNode.has(node.name))
      throw new UsageError(`'${node.name}' is given two connectors: ${override.flag} ${override.word} is the second.`);
    connectorByNode.set(node.name, connectorOf(override, node, file, cwd));
  }
  return {
    ...ir,
    nodes: ir.nodes.map((node) => {
      const connector = connectorByNode.get(node.name);
      return connector === undefined ? node : { ...node, connector };
    }),
  };
}

function nodeOf(ir: Ir, { flag, node: written }: Override): IrNode {
  const wanted = written.replaceAll("-", "_");
  const takes = (node: IrNode) =>
    flag === "--from" ? node.kind === "source" || node.kind === "table" : node.kind === "sink";
  const found = ir.nodes.find((node) => node.name === wanted);
  if (found !== undefined && takes(found)) return found;
  const names = ir.nodes.filter(takes).map((node) => node.name);
  if (found !== undefined) {
    const other =
      found.kind === "sink"
        ? " Sinks take --to."
        : found.kind === "source" || found.kind === "table"
          ? ` A ${found.kind} takes --from.`
          : "";
    throw new UsageError(
      `'${written}' is a ${found.kind}; ${flag} is for ${flag === "--from" ? "sources" : "sinks"}.${other}`,
      listOf(names),
    );
  }
  throw new UsageError(
    `There is no ${flag === "--from" ? "source" : "sink"} '${written}'.${didYouMean(nearest(wanted, names))}`,
    listOf(names),
  );
}

const listOf = (names: readonly string[]): string =>
  names.length === 0 ? "The pipeline has none." : `The pipeline has: ${names.join(", ")}.`;

function connectorOf(override: Override, node: IrNode, file: string, cwd: string): IrConnector {
  const role: Role = node.kind === "source" || node.kind === "table" ? node.kind : "sink";
  const row = connectorRow(override.connector);
  if (row === undefined || !row.roles.includes(role)) throw wrongConnector(override, role, row);
  const options = optionsOf(override, row, role, file, cwd);
  const missing = optionsIn(row, role).find(
    (option) => option.required === true && !options.some(([name]) => name === option.name),
  );
  if (missing !== undefined) {
    if (missing.name === row.argument)
      throw new UsageError(
        `'${override.flag} ${override.word}' lacks the ${missing.name}: ${override.node}=${row.name}:${missing.name.toUpperCase()}.`,
      );
    throw new UsageError(
      `'${row.name}' needs '${missing.name}', which cannot be given on the command line; write the connector in the file.`,
    );
  }
  return { type: row.name, options, origins: {}, origin: node.connector?.origin ?? node.origin };
}

function wrongConnector({ connector, flag }: Override, role: Role, row: ConnectorRow | undefined): UsageError {
  const names = connectors
    .filter((one) => one.roles.includes(role) && one.runtime && one.name !== "memory" && one.name !== "generate")
    .map((one) => one.name);
  const message =
    row === undefined
      ? `There is no connector '${connector}'.${didYouMean(nearest(connector, names))}`
      : `'${connector}' cannot be a ${role}.`;
  return new UsageError(message, `${flag} takes ${names.join(", ")}.`);
}

function optionsOf(
  { argument, flag, word }: Override,
  row: ConnectorRow,
  role: Role,
  file: string,
  cwd: string,
): IrOptions {
  if (argument === undefined || argument === "") return [];
  if (row.name === "http" && role === "source") return httpSource(argument, word);
  if (row.argument === undefined || !optionsIn(row, role).some((option) => option.name === row.argument))
    throw new UsageError(`'${row.name}' takes no argument: '${flag} ${word}'.`);
  return [[row.argument, row.name === "file" ? pathFrom(file, argument, cwd) : argument]];
}

/** `http:8080/orders`: a port, a path, or both. */
function httpSource(argument: string, word: string): IrOptions {
  const match = /^(\d{1,5})?(\/.*)?$/.exec(argument);
  if (match === null)
    throw new UsageError(`'--from ${word}' listens: give a port, a path or both, as in http:8080/orders.`);
  return [
    ...(match[1] === undefined ? [] : ([["port", Number(match[1])]] as const)),
    ...(match[2] === undefined ? [] : ([["path", match[2]]] as const)),
  ];
}

/** A path as the .flow file would write it. */
function pathFrom(file: string, path: string, cwd: string): string {
  if (path === "-" || isAbsolute(path)) return path;
  return relative(dirname(resolve(cwd, file)), resolve(cwd, path)).replaceAll("\\", "/") || ".";
}
