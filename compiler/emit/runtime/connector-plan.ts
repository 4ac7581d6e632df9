/** Connectors and formats as the runtime takes them: the node's options over the pipeline's defaults over the catalogue's. */
import { connectorRow, optionsIn } from "../../catalog/connectors.ts";
import { formatRow } from "../../catalog/formats.ts";
import type { Role } from "../../catalog/rows.ts";
import type { ConnectorPlan, FormatPlan } from "../../contract/runtime-config.ts";
import type { Ir, IrConnector, IrOptions } from "../../ir/ir.ts";
import { optionValues } from "./option-value.ts";

export function connectorPlan(
  ir: Pick<Ir, "defaults">,
  connector: Pick<IrConnector, "type" | "options">,
  role: Role,
): ConnectorPlan {
  const row = connectorRow(connector.type);
  const rows = row === undefined ? [] : optionsIn(row, role);
  const shared = ir.defaults.find((one) => one.type === connector.type)?.options ?? [];
  return { type: connector.type, options: optionValues(merge(shared, connector.options), rows) };
}

export function formatPlan(type: string, options: IrOptions): FormatPlan {
  const row = formatRow(type);
  if (row === undefined) throw new Error(`bug: no format '${type}'`);
  return { type: row.name, options: optionValues(options, row.options) };
}

/** `own` wins, option by option. */
function merge(shared: IrOptions, own: IrOptions): IrOptions {
  if (shared.length === 0) return own;
  const names = new Set(own.map(([name]) => name));
  return [...shared.filter(([name]) => !names.has(name)), ...own];
}
