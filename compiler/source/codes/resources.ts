/** Diagnostics FLOW58xx: custom resources, read from YAML. Their examples are YAML. */
import { row } from "./code-row.ts";

export const resourceCodes = {
  FLOW5800: row<{ why: string }>({
    severity: "error",
    title: "Not YAML",
    message: ({ why }) => `This is not YAML: ${why}`,
    why: "A custom resource is read as YAML (JSON is YAML too) before anything else can be said about it.",
    mend: "Mend the YAML at the place shown.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5801: row<{ what: string; expected: string }>({
    severity: "error",
    title: "Not a Pipeline",
    message: ({ what, expected }) => `${what} is not '${expected}', so this is not a Pipeline.`,
    why: "Only resources of kind Pipeline, of a version known here, have a meaning as .flow.",
    mend: "Write `apiVersion: dataflow.argoproj.io/v1alpha1` and `kind: Pipeline`.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Deployment
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5802: row<{ field: string; where: string; near: string }>({
    severity: "error",
    title: "Unknown field",
    message: ({ field, where, near }) => `There is no field '${field}' in ${where}.${near}`,
    why: "The API server would drop the field, and the pipeline would run without what it says.",
    mend: "Correct the name, or move the field to where it belongs.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
      formt:
        type: json
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5803: row<{ field: string; where: string }>({
    severity: "error",
    title: "Missing field",
    message: ({ field, where }) => `The field '${field}' is missing in ${where}.`,
    why: "Without it the resource says too little to be run; the API server refuses it.",
    mend: "Add the field.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5804: row<{ where: string; expected: string; found: string }>({
    severity: "error",
    title: "Wrong kind of value",
    message: ({ where, expected, found }) => `${where} must be ${expected}, but this is ${found}.`,
    why: "The API server refuses a value of another kind than the schema's.",
    mend: "Write the value as the message says; a string that looks like a number or like true needs quotes.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
      time: 5
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5805: row<{ where: string; expected: string; found: string; near: string }>({
    severity: "error",
    title: "Value out of range",
    message: ({ where, expected, found, near }) => `${where} must be ${expected}, but this is ${found}.${near}`,
    why: "The API server refuses values outside the schema's limits.",
    mend: "Write one of the values that the message names.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
      watermark:
        delay: 5 minutes
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5806: row<{ what: string; where: string; how: string; found: string; fields: string }>({
    severity: "error",
    title: "One of several",
    message: ({ what, where, how, found, fields }) =>
      `There must be ${how} one ${what} in ${where}, but there is ${found}. Use one of ${fields}.`,
    why: "The fields exclude one another, and one of them is needed.",
    mend: "Keep one of them.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
      http: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5807: row<{ what: string }>({
    severity: "error",
    title: "Too large",
    message: ({ what }) => `This resource is too large to be read. ${what}`,
    why: "A bound on size, depth and aliases keeps a crafted file from using up the machine.",
    mend: "Split the pipeline, or write aliases out.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5808: row<{ what: string }>({
    severity: "error",
    title: "Nothing .flow can say",
    message: ({ what }) => `${what}`,
    why: "A resource written by hand may say things for which the language has no words; they would be lost.",
    mend: "Write it as the message says.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  types:
    Order:
      type: object
      patternProperties:
        ^x:
          type: string
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
  FLOW5810: row<{ what: string }>({
    severity: "warning",
    title: "Left out of the .flow file",
    message: ({ what }) =>
      `${what} is left out: .flow has no words for it, and a resource compiled from this file will not have it.`,
    why: "A resource written by hand may have annotations and finalizers of other programs. `flow compile` carries them from resource to resource; a .flow file cannot say them.",
    mend: "Add it to the compiled resource, with kustomize for instance, or keep the resource as the source.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
  annotations:
    other.example/team: billing
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
    when: "decompile",
  }),
  FLOW5809: row<Record<string, never>>({
    severity: "error",
    title: "More than one resource",
    message: () => "Another resource begins here, and a file holds one Pipeline. Put this one into a file of its own.",
    why: "Only the first would be read, and the others would be lost without a word.",
    mend: "Split the file at its '---' lines.",
    example: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
---
apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: more
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    mended: `apiVersion: dataflow.argoproj.io/v1alpha1
kind: Pipeline
metadata:
  name: orders
spec:
  sources:
    - name: orders
      stdin: {}
  sinks:
    - name: out
      from:
        - name: orders
      stdout: {}
`,
    language: "yaml",
  }),
};
