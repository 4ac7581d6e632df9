/** What TypeScript is given to check code steps: the types of the stream around the text as it stands. */
import { describe, expect, it } from "vitest";
import { check } from "../../semantics/check.ts";
import { memoryHost } from "../../source/host.ts";
import { codeModules, placeInCode } from "./code-modules.ts";
import { codeSteps, hasCode } from "./code-steps.ts";

const modulesOf = (text: string) => {
  const { model } = check("a.flow", memoryHost({ "a.flow": text }));
  return { has: hasCode(model), steps: codeSteps(model), ...codeModules(codeSteps(model), model.types) };
};

const withCode = (code: string, before = "", types = "") =>
  `${types}source orders: Order { stdin {} }\nstep a from orders {\n${before}code javascript """${code}"""\n}\nsink out from a { stdout {} }\n`;

describe("the types of what code is given", () => {
  const stepType = (types: string, before = "") => {
    return modulesOf(withCode("export default (e) => e", before, types)).files.get("step-0.given.ts");
  };

  it("are those of JSON", () => {
    expect(
      stepType(
        'type Order { id: int, at: timestamp, name?: string, kind: "a" | "b" | null, tags: [string], more: {string: double}, raw: bytes, any: any, ok: bool }\n',
      ),
    ).toBe(
      `type Order = { id: number; at: string; name?: string | null; kind: ("a" | "b" | null); tags: Array<string>; more: { [key: string]: number }; raw: string; any: any; ok: boolean };
export type Given = Order;
`,
    );
  });

  it("may be recursive, and have names that TypeScript needs for itself", () => {
    expect(stepType("type Order { next?: Order, date: Date }\ntype Date { id: int }\n")).toBe(
      `type Order = { next?: Order | null; date: Date_ };
type Date_ = { id: number };
export type Given = Order;
`,
    );
  });

  it("are those behind the operators before it", () => {
    const types = "type Order { id: int }\n";
    expect(stepType(types, "set data.big = data.id > 10\n")).toContain(
      "export type Given = { id: number; big: boolean };",
    );
    expect(stepType(types, 'process { command: ["x"] }\n')).toContain("export type Given = any;");
  });
});

describe("the type of what code must give", () => {
  const resultType = (step: string) =>
    modulesOf(
      `type Order { id: int, at: timestamp, tags?: [bytes] }\nsource orders: Order { stdin {} }\n${step}\nsink out from a { stdout {} }\n`,
    ).files.get("step-0.result.ts");

  it("is what the step declares, which may have more, and be all that has such a JSON", () => {
    expect(resultType('step a: Order from orders { code javascript "export default (e) => e" set data.x = 1 }')).toBe(
      `type Order = { id: (number | bigint); at: (string | Date); tags?: Array<(string | Uint8Array)> | null; [more: string]: unknown };
export type Result = Order;
`,
    );
  });

  it("is any where it declares none, or other user code comes last", () => {
    const code = 'code javascript "export default (e) => e"';
    expect(resultType(`step a from orders { ${code} }`)).toContain("Result = any;");
    expect(resultType(`step a: Order from orders { ${code} process { command: ["x"] } }`)).toContain("Result = any;");
  });
});

describe("the text that TypeScript is given", () => {
  const order = "type Order { id: int }\n";
  const moduleOf = (code: string) => {
    const { files, modules } = modulesOf(withCode(code, "", order));
    return { text: files.get("step-0.js") ?? "", module: modules[0]! };
  };

  it.each([
    ["\nexport default (e) => e"],
    ["\nconst a = 1;\n  export default function (e) {}"],
    ["\nexport async function* f(e) {}"],
    ["\nexport const f = (e) => e"],
  ])("has the type of the function before its export: %j", (code) => {
    expect(moduleOf(code).text).toBe(code.replace("export", '/** @type {import("./step-0.types.ts").Step} */export'));
  });

  it("is the user's own where no export begins a line", () => {
    expect(moduleOf("\nconst f = (e) => e; export { f }").text).toBe("\nconst f = (e) => e; export { f }");
  });

  it("leads back to the user's text", () => {
    const code = "\nconst a = 1;\nexport default (e) => e.x;\nfoo()";
    const { text, module } = moduleOf(code);
    const places = ["const", "a =", "export", "e.x", "foo"].map((word) => {
      const before = text.slice(0, text.indexOf(word)).split("\n");
      return code.slice(placeInCode(module, before.length - 1, before.at(-1)!.length)).startsWith(word);
    });
    expect(places).toEqual([true, true, true, true, true]);
    expect([placeInCode(module, 99, 3), placeInCode(module, 1, 999)]).toEqual([code.length, code.indexOf(";") + 1]);
  });

  it("is none where a pipeline has no code", () => {
    expect(modulesOf(`${order}source orders: Order { stdin {} }\nsink out from orders { stdout {} }\n`)).toMatchObject({
      has: false,
      modules: [],
    });
  });
});
