/** Decoders and encoders of one run, for the formats that are not in the generated code. */
import type { FormatPlan, RuntimeConfig } from "../../compiler/contract/runtime-config.ts";
import type { ValueType } from "../../compiler/contract/value-type.ts";
import type { FormatContext, RecordDecoder, RecordEncoder } from "../codec/format.ts";
import { loadFormats } from "../codec/formats.ts";
import { decodeJson as parseJson, encodeJson as toJson } from "../codec/json.ts";

/** Both give undefined for a format that the engine knows itself. */
export interface RunCodecs {
  decoder(format: FormatPlan, type: ValueType | undefined): RecordDecoder | undefined;
  encoder(format: FormatPlan): RecordEncoder | undefined;
}

export async function loadRunCodecs(config: RuntimeConfig): Promise<RunCodecs> {
  const formats = await loadFormats(
    [...config.nodes, ...config.tables].flatMap((each) => ("format" in each ? [each.format.type] : [])),
  );
  return {
    decoder: (format, type) => formats.get(format.type)?.decoder(formatContext(config, format, type)),
    encoder: (format) => formats.get(format.type)?.encoder(formatContext(config, format, undefined)),
  };
}

function formatContext({ types }: RuntimeConfig, format: FormatPlan, type: ValueType | undefined): FormatContext {
  const resolve = (of: ValueType): ValueType =>
    of.kind === "ref" && Object.hasOwn(types, of.name) ? resolve(types[of.name]!) : of;
  return {
    options: format.options,
    type: type === undefined ? undefined : resolve(type),
    resolve,
    parseJson,
    toJson,
  };
}
