/** The CustomResourceDefinition of Pipeline, and the JSON Schema of the whole resource for editors. */
import { type CrObject, pipelineApiVersion } from "../../contract/pipeline.ts";
import { jsonSchemaOf } from "./json-schema-of.ts";
import { specNode, statusNode } from "./pipeline-nodes.ts";
import type { ObjectNode } from "./schema-node.ts";
import { structural } from "./structural.ts";

const [group, version] = pipelineApiVersion.split("/") as [string, string];
const doc = "A pipeline of events: sources, processors, sinks.";

export function pipelineCrd(): CrObject {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `pipelines.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: {
        kind: "Pipeline",
        listKind: "PipelineList",
        plural: "pipelines",
        singular: "pipeline",
        shortNames: ["pl"],
        categories: ["all", "argo"],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: {
            status: {},
            scale: {
              specReplicasPath: ".spec.replicas.value",
              statusReplicasPath: ".status.replicas",
              labelSelectorPath: ".status.selector",
            },
          },
          additionalPrinterColumns: [
            { name: "Phase", type: "string", jsonPath: ".status.phase" },
            { name: "Ready", type: "string", jsonPath: ".status.ready" },
            { name: "Lag", type: "integer", jsonPath: ".status.lag" },
            { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
            { name: "Message", type: "string", jsonPath: ".status.message", priority: 1 },
          ],
          schema: {
            openAPIV3Schema: {
              type: "object",
              description: doc,
              required: ["spec"],
              "x-kubernetes-validations": [
                {
                  rule: "self.metadata.name.matches('^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$')",
                  message: "the name of a pipeline is kebab-case, a letter first, at most 63 characters",
                },
              ],
              properties: {
                apiVersion: { type: "string" },
                kind: { type: "string" },
                metadata: { type: "object" },
                spec: structural(specNode()),
                status: structural(statusNode()),
              },
            },
          },
        },
      ],
    },
  };
}

/** What the cluster keeps about the one object there: accepted, so that what kubectl prints can be read, and not kept. */
const serverManaged = [
  "uid",
  "resourceVersion",
  "generation",
  "generateName",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "managedFields",
  "ownerReferences",
  "selfLink",
];

const metadataNode: ObjectNode = {
  kind: "object",
  doc: "Name, namespace, labels, annotations, finalizers.",
  fields: {
    name: { kind: "any" },
    namespace: { kind: "any" },
    labels: { kind: "any", object: true },
    annotations: { kind: "map", values: { kind: "string" }, maxFields: 256 },
    finalizers: { kind: "list", items: { kind: "string" }, maxItems: 64 },
    ...Object.fromEntries(serverManaged.map((name) => [name, { kind: "any" } as const])),
  },
};

/** The fields of a resource outside its spec that people write. */
export function resourceNode(): ObjectNode {
  return {
    kind: "object",
    doc,
    required: ["apiVersion", "kind", "metadata", "spec"],
    fields: {
      apiVersion: { kind: "string", enum: [pipelineApiVersion] },
      kind: { kind: "string", enum: ["Pipeline"] },
      metadata: metadataNode,
      spec: specNode(),
      status: statusNode(),
    },
  };
}

export function pipelineJsonSchema(): CrObject {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `https://${group}/${version}/pipeline.schema.json`,
    title: "Pipeline",
    ...jsonSchemaOf(resourceNode()),
  };
}
