/**
 * The Pipeline custom resource as a plain object: `dataflow.argoproj.io/v1alpha1`, kind `Pipeline`. What each connector,
 * operator and clause holds is described by its JSON Schema (schemas/pipeline.schema.json), made from the catalogue.
 */

export const pipelineApiVersion = "dataflow.argoproj.io/v1alpha1";
export const descriptionAnnotation = "dataflow.argoproj.io/description";
export const topicsFinalizer = "dataflow.argoproj.io/delete-intermediary-kafka-topics";
/** The annotation by which the first form of the resource asked for the finalizer, and its value. */
export const legacyFinalizerAnnotation = "kubernetes.io/finalizer";
export const legacyFinalizerValue = "delete-intermediary-kafka-topics";

/** JSON, and integers beyond 2^53 as bigint. */
export type CrValue = string | number | bigint | boolean | null | readonly CrValue[] | CrObject;
export interface CrObject {
  readonly [name: string]: CrValue | undefined;
}

export interface PipelineResource {
  readonly apiVersion: typeof pipelineApiVersion;
  readonly kind: "Pipeline";
  readonly metadata: PipelineMetadata;
  readonly spec: PipelineSpec;
  readonly status?: PipelineStatus;
}

export interface PipelineMetadata {
  /** kebab-case. */
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
}

/** Connection defaults stand beside these under the connector's name (`kafka: …`). */
export interface PipelineSpec extends CrObject {
  readonly delivery?: "AtLeastOnce" | "ExactlyOnce";
  readonly errors?: CrObject;
  readonly replicas?: CrObject;
  readonly resources?: CrObject;
  /** JSON Schemas by the type's name. */
  readonly types?: Readonly<Record<string, CrObject>>;
  readonly tables?: readonly PipelineNode[];
  readonly sources?: readonly PipelineNode[];
  readonly processors?: readonly PipelineProcessor[];
  readonly sinks?: readonly PipelineNode[];
}

/** The connector stands under its name (`kafka: …`), the clauses under theirs. */
export interface PipelineNode extends CrObject {
  /** kebab-case. */
  readonly name: string;
  readonly description?: string;
  readonly from?: readonly PipelineInput[];
  /** A name of `spec.types`, or a type as .flow writes it. */
  readonly type?: string;
}

/** Exactly one of operators, window, chunk and image. */
export interface PipelineProcessor extends PipelineNode {
  readonly operators?: readonly CrObject[];
  readonly window?: CrObject;
  readonly chunk?: CrObject;
  readonly image?: string;
}

export interface PipelineInput extends CrObject {
  readonly name: string;
  readonly output?: "errors" | "late";
  readonly where?: string;
  readonly otherwise?: true;
  /** The alias of a join's input. */
  readonly as?: string;
}

export type PipelinePhase = "Pending" | "Running" | "Paused" | "Succeeded" | "Failed" | "Deleting";

export interface PipelineStatus extends CrObject {
  readonly observedGeneration?: number;
  readonly phase?: PipelinePhase;
  readonly message?: string;
  readonly processorStatuses?: readonly ProcessorStatus[];
  readonly conditions?: readonly CrObject[];
  readonly intermediaryTopics?: readonly string[];
}

export interface ProcessorStatus extends CrObject {
  readonly name: string;
  readonly stage: string;
  readonly phase: PipelinePhase;
  readonly message?: string;
  readonly replicas?: number;
  readonly ready?: number;
  readonly lag?: number;
  /** RFC 3339. */
  readonly watermark?: string;
}
