import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { check } from "../semantics/check.ts";
import { memoryHost } from "../source/host.ts";
import { sourceText } from "../source/source-text.ts";
import { readConfig } from "./flow-config.ts";
import { flowConfigSchema } from "./flow-config-schema.ts";

const program = `type Order { id: string }\nsource orders { stdin {} }\nsink out from orders { stdout {} }\n`;

function severities(config: string | undefined, where = "flow.config.json"): string[] {
  const files = { "dir/sub/main.flow": program, ...(config === undefined ? {} : { [where]: config }) };
  return check("dir/sub/main.flow", memoryHost(files)).diagnostics.map(
    ({ code, severity, at }) => `${at.file} ${code} ${severity}`,
  );
}

describe("flow.config.json", () => {
  it("changes the level of a code, from any folder above", () => {
    expect(severities(undefined)).toEqual(["dir/sub/main.flow FLOW9001 warning"]);
    expect(severities(`{ "levels": { "FLOW9001": "error" } }`)).toEqual(["dir/sub/main.flow FLOW9001 error"]);
    expect(severities(`{ "levels": { "FLOW9001": "info" } }`, "dir/flow.config.json")).toEqual([
      "dir/sub/main.flow FLOW9001 information",
    ]);
    expect(severities(`{ "levels": { "FLOW9001": "off" } }`, "dir/sub/flow.config.json")).toEqual([]);
  });

  it("is itself checked", () => {
    const messages = (text: string) =>
      readConfig(sourceText("flow.config.json", text)).diagnostics.map(({ at, message }) => `${at.start} ${message}`);
    expect(messages("{")).toEqual([
      `0 flow.config.json must be a JSON object, such as { "levels": { "FLOW9001": "off" } }.`,
    ]);
    expect(messages(`{ "level": {} }`)).toEqual(["2 flow.config.json has no setting 'level'. Did you mean 'levels'?"]);
    expect(messages(`{ "levels": { "FLOW9O01": "off", "FLOW9001": "loud", "FLOW2001": "off" } }`)).toEqual([
      "14 There is no diagnostic 'FLOW9O01'. Did you mean 'FLOW9001'?",
      "33 The level of FLOW9001 must be one of 'off', 'hint', 'info', 'warning', 'error'.",
      "53 FLOW2001 is an error, which cannot be made less: a pipeline with it cannot run.",
    ]);
  });

  it("has a schema that says the same", () => {
    const validate = new Ajv().compile(flowConfigSchema());
    const both = (config: unknown) => [
      validate(config),
      readConfig(sourceText("c", JSON.stringify(config))).diagnostics.length === 0,
    ];
    for (const config of [{}, { levels: {} }, { levels: { FLOW9001: "off" } }, { $schema: "x" }])
      expect(both(config)).toEqual([true, true]);
    for (const config of [
      [],
      { levels: { FLOW9001: "loud" } },
      { levels: { FLOW2001: "off" } },
      { levels: { X: "off" } },
      { level: 1 },
    ]) {
      expect(both(config)).toEqual([false, false]);
    }
  });
});
