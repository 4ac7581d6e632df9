/** A stage is one consumer group of one Kafka: FLOW5016, FLOW5017, and FLOW5018 of a local run, which is all stages in one. */
import type { Ir, IrConnector, IrNode } from "../../ir/ir.ts";
import { needsRepartitioning, stages } from "../../ir/stages.ts";
import { type Diagnostic, diagnostic } from "../../source/diagnostic.ts";
import { connectorPlan } from "./connector-plan.ts";

interface Source {
  readonly name: string;
  readonly connector: IrConnector;
  /** Only what the file says. */
  readonly group: string | undefined;
  /** Equal for equal connections. */
  readonly connection: string;
}

export function groupDiagnostics(ir: Ir, options: { readonly local?: boolean } = {}): readonly Diagnostic[] {
  if (!ir.nodes.some(isKafkaSource)) return [];
  const byStage = stages(ir, options).map(({ nodes }) => nodes.filter(isKafkaSource).map((node) => sourceOf(ir, node)));
  return [...byStage.flatMap(mixed), ...shared(byStage)];
}

/** Of a local run; nothing where the group is the run's own. */
export function sharedKeys(ir: Ir): readonly Diagnostic[] {
  const keyed = ir.nodes.find(needsRepartitioning);
  const named = ir.nodes
    .filter(isKafkaSource)
    .map((node) => sourceOf(ir, node))
    .find(({ group }) => group !== undefined);
  if (keyed === undefined || named?.group === undefined) return [];
  const { name, connector, group } = named;
  return [diagnostic("FLOW5018", connector.origin, { node: keyed.name, source: name, group })];
}

const isKafkaSource = ({ kind, connector }: IrNode): boolean => kind === "source" && connector?.type === "kafka";

function sourceOf(ir: Ir, { name, connector }: IrNode): Source {
  if (connector === undefined) throw new Error(`bug: '${name}' without a connector`);
  const { group, brokers, tls, sasl } = connectorPlan(ir, connector, "source").options;
  return {
    name,
    connector,
    group: typeof group === "string" ? group : undefined,
    connection: JSON.stringify([brokers ?? null, tls ?? null, sasl ?? null]),
  };
}

function mixed(sources: readonly Source[]): readonly Diagnostic[] {
  const [first] = sources;
  const named = sources.find(({ group }) => group !== undefined);
  for (const other of sources) {
    const { name, connector, group, connection } = other;
    if (connection !== first!.connection)
      return [
        diagnostic("FLOW5016", connector.origin, {
          first: first!.name,
          other: name,
          what: "connect to Kafka differently",
          cure: "Give them one connection, or make two pipelines.",
        }),
      ];
    if (group !== undefined && named !== undefined && group !== named.group)
      return [
        diagnostic("FLOW5016", connector.origin, {
          first: named.name,
          other: name,
          what: `name the groups '${named.group}' and '${group}'`,
          cure: "Give them one group, or leave 'group' out.",
        }),
      ];
  }
  return [];
}

/** The first source of a stage whose group another stage has named. */
function shared(byStage: readonly (readonly Source[])[]): readonly Diagnostic[] {
  const firstByGroup = new Map<string, Source>();
  const found: Diagnostic[] = [];
  for (const sources of byStage) {
    const named = sources.find(({ group }) => group !== undefined);
    if (named?.group === undefined) continue;
    const first = firstByGroup.get(named.group);
    if (first === undefined) firstByGroup.set(named.group, named);
    else
      found.push(
        diagnostic("FLOW5017", named.connector.origin, { first: first.name, other: named.name, group: named.group }),
      );
  }
  return found;
}
