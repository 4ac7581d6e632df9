/** The version of this package. */
import manifest from "../../package.json" with { type: "json" };

export const version: string = manifest.version;
export const homepage = "https://github.com/argoproj-labs/argo-dataflow";
