/** Code steps in JavaScript: what they give, and what they cannot do. */
import { describe, expect, it } from "vitest";
import { chunkOf, eventOf, inShort, run, runUnits, single } from "./javascript.fixture.ts";

const imports = (name: string) => `TypeError: '${name}' cannot be imported: code in a .flow file imports nothing`;

describe("a module in a .flow file", () => {
  it("gives new data for an event by returning it", async () => {
    expect(await run("export default (event) => ({ ...event.data, seen: true })", ['{"a":1}', "{}"])).toEqual([
      ['{"data":{"a":1,"seen":true}}'],
      ['{"data":{"seen":true}}'],
    ]);
  });

  it("takes its one exported function, whatever its name", async () => {
    expect(await run("export function score({ data }) { return data + 1 }", ["1"])).toEqual([['{"data":2}']]);
  });

  it("gives nothing for undefined; null is data", async () => {
    expect(await run("export default ({ data }) => data.at(0)", ["[]", "[null]"])).toEqual([[], ['{"data":null}']]);
  });

  it("gives one result for each that a generator yields; a list is one", async () => {
    expect(await run("export default function* ({ data }) { yield* data; yield data }", ["[1,2]", "[]"])).toEqual([
      ['{"data":1}', '{"data":2}', '{"data":[1,2]}'],
      ['{"data":[]}'],
    ]);
  });

  it("may be asynchronous", async () => {
    expect(await run("export default async ({ data }) => { await null; return data }", ["1", "2"])).toEqual([
      ['{"data":1}'],
      ['{"data":2}'],
    ]);
    expect(
      await run("export default async function* ({ data }) { yield data; await null; yield data }", ["1"]),
    ).toEqual([['{"data":1}', '{"data":1}']]);
  });

  it("changes attributes by giving an event: the one it got, or one made by `with`", async () => {
    const changed = "export default (event) => { event.subject = 'x'; return event }";
    expect(await run(changed, ["1"])).toEqual([
      [
        '{"specversion":"1.0","source":"/orders","type":"order","id":"0","datacontenttype":"application/json","subject":"x","data":1}',
      ],
    ]);
    expect(await run("export default (event) => event.with({ data: 2, level: 3 })", ["1"])).toEqual([
      [
        '{"specversion":"1.0","source":"/orders","type":"order","id":"0","datacontenttype":"application/json","level":3,"data":2}',
      ],
    ]);
    expect(
      await run("export default (event) => ({ id: event.id, type: event.type, source: event.source })", ["1"]),
    ).toEqual([['{"data":{"id":"0","type":"order","source":"/orders"}}']]);
  });

  it("is told when an attribute is none", async () => {
    expect(await run("export default (event) => event.with({ Level: 3 })", ["1"])).toEqual([
      "rejected: TypeError: 'Level' cannot be the name of an attribute: it has lower-case letters and digits only",
    ]);
    expect(await run("export default (event) => event.with({ level: {} })", ["1"])).toEqual([
      "rejected: TypeError: the attribute 'level' must be a string, a boolean or a whole number",
    ]);
  });

  it("keeps its variables from one event to the next", async () => {
    expect(await run("let n = 0; export default () => ++n", ["1", "1"])).toEqual([['{"data":1}'], ['{"data":2}']]);
  });
});

describe("a bad event", () => {
  it("is rejected with the message and the line of what was thrown", async () => {
    const source = "export default (event) => {\n  const { total } = event.data.order;\n  return total;\n}";
    expect(await run(source, ["{}", '{"order":{"total":1}}'])).toEqual([
      "rejected: TypeError: Cannot destructure property 'total' of 'event.data.order' as it is undefined. (a.flow:4)",
      ['{"data":1}'],
    ]);
    expect(await run('export default async () => { throw "no" }', ["1"])).toEqual(["rejected: thrown: no"]);
  });

  it("drops what was yielded before", async () => {
    expect(await run("export default function* () { yield 1; throw new Error('x') }", ["1"])).toEqual([
      "rejected: Error: x (a.flow:3)",
    ]);
  });

  it("is tried again when the error says so", async () => {
    expect(
      await run("export default () => { throw Object.assign(new Error('busy'), { retry: true }) }", ["1"]),
    ).toEqual(["failed: Error: busy (a.flow:3)"]);
  });

  it("is told of what a timer threw while it was waiting", async () => {
    const source = "export default () => new Promise(() => setTimeout(() => { throw new Error('late') }, 1))";
    expect(await run(source, ["1", "2"])).toEqual([
      "rejected: Error: late (a.flow:3)",
      "rejected: Error: late (a.flow:3)",
    ]);
  });
});

describe("a chunk", () => {
  it("is answered event by event, each result with the attributes of its event", async () => {
    const { outcomes } = await runUnits("export default ({ data }) => data > 1 ? data : undefined", [
      chunkOf("c", ["1", "2", "3"]),
    ]);
    expect(outcomes).toEqual([{ kind: "done", results: [eventOf("c-1", "2").json, eventOf("c-2", "3").json] }]);
  });

  it("is rejected whole for one bad event", async () => {
    const { outcomes } = await runUnits("export default ({ data }) => data.x.y", [
      chunkOf("a", ['{"x":{"y":1}}', "{}", '{"x":{"y":2}}']),
      chunkOf("b", ['{"x":{"y":3}}']),
    ]);
    expect(outcomes.map(inShort)).toEqual([
      "rejected: TypeError: Cannot read properties of undefined (reading 'y') (a.flow:3)",
      ['{"data":3}'],
    ]);
  });

  it("may take longer than one event may, but no event of it", async () => {
    const source =
      "export default ({ data }) => { const until = Date.now() + data; while (Date.now() < until); return 1 }";
    const { outcomes } = await runUnits(
      source,
      [
        chunkOf(
          "slow",
          Array.from({ length: 20 }, () => "60"),
        ),
        chunkOf("hung", ["0", "60000", "0"]),
      ],
      { timeout: 600 },
    );
    expect(outcomes.map(inShort)).toEqual([
      Array.from({ length: 20 }, () => '{"data":1}'),
      "rejected: an event of the chunk took longer than 0.6s",
    ]);
  });
});

describe("numbers and bytes", () => {
  it("keep integers that a number cannot hold, as BigInt", async () => {
    const big = '{"n":12345678901234567890,"m":9007199254740993,"s":"12345678901234567890","f":0.12345678901234567}';
    expect(await run("export default ({ data }) => ({ ...data, t: typeof data.n })", [big])).toEqual([
      [
        '{"data":{"n":12345678901234567890,"m":9007199254740993,"s":"12345678901234567890","f":0.12345678901234566,"t":"bigint"}}',
      ],
    ]);
  });

  it("reject what has no JSON instead of writing null or nothing", async () => {
    const cases = ["NaN", "{ a: [1 / 0] }", "new Map([[1, 2]])", "[undefined]", "() => 1", "{ p: Promise.resolve(1) }"];
    const results = await Promise.all(cases.map((each) => run(`export default () => (${each})`, ["1"])));
    expect(results.flat()).toEqual([
      "rejected: TypeError: NaN has no JSON",
      "rejected: TypeError: Infinity at '0' has no JSON",
      "rejected: TypeError: a Map has no JSON",
      "rejected: TypeError: undefined at '0' has no JSON",
      "rejected: TypeError: a function is no data",
      "rejected: TypeError: a Promise at 'p' has no JSON",
    ]);
  });

  it("give bytes for a Uint8Array", async () => {
    expect(await run("export default () => new TextEncoder().encode('hi')", ["1"])).toEqual([
      ['{"data_base64":"aGk="}'],
    ]);
  });

  it("keep a field that is called __proto__", async () => {
    expect(await run("export default ({ data }) => ({ ...data, b: 1 })", ['{"__proto__":{"x":1}}'])).toEqual([
      ['{"data":{"__proto__":{"x":1},"b":1}}'],
    ]);
  });
});

describe("limits", () => {
  it("end an endless loop, reject its event and go on with the next", async () => {
    expect(
      await run("export default ({ data }) => { while (data === 2); return data }", ["1", "2", "3"], { timeout: 600 }),
    ).toEqual([['{"data":1}'], "rejected: it took longer than 0.6s", ['{"data":3}']]);
  });

  it("end a promise that never settles, and a generator that never ends", async () => {
    expect(
      await run("export default ({ data }) => data === 1 ? new Promise(() => {}) : data", ["1", "2"], { timeout: 600 }),
    ).toEqual(["rejected: it took longer than 0.6s", ['{"data":2}']]);
    expect(
      await run("export default function* ({ data }) { if (data === 1) for (;;) yield 'x'.repeat(1e6); yield data }", [
        "1",
        "2",
      ]),
    ).toEqual(["rejected: it answered more than 64 MiB", ['{"data":2}']]);
  });

  it("end what takes too much memory, reject its event and go on with the next", async () => {
    const source =
      "export default ({ data }) => { const all = []; while (data === 2) all.push({ a: [all.length] }); return data }";
    const { outcomes, said } = await runUnits(
      source,
      ["1", "2", "3"].map((data) => single(data, data)),
      {
        memory: 32 * 2 ** 20,
        timeout: 20_000,
      },
    );
    expect(outcomes.map(inShort)).toEqual([['{"data":1}'], "rejected: it used more than 32 MiB", ['{"data":3}']]);
    expect(said.filter((line) => line !== "")).toEqual([]);
  });

  it("count the memory of buffers that are kept", async () => {
    const source =
      "const kept = []; export default async ({ data }) => { if (data === 1) kept.push(new Uint8Array(1e8).fill(1)); await new Promise((done) => setTimeout(done, 60)); return data }";
    const [, second] = await run(source, ["1", "2"]);
    expect(second).toBe("rejected: it used more than 64 MiB");
  });
});

describe("a module has no way out", () => {
  it("by importing", async () => {
    const names = [
      "node:fs",
      "fs",
      "node:child_process",
      "node:process",
      "data:text/javascript,1",
      "file:///etc/passwd",
      "flow:code",
    ];
    const source = `const names = ${JSON.stringify(names)}; export default async ({ data }) => Object.keys(await import(names[data]))`;
    expect(
      await run(
        source,
        names.map((_, n) => String(n)),
      ),
    ).toEqual(names.map((name) => `rejected: ${imports(name)}`));
    await expect(run('import { readFileSync } from "node:fs"; export default 1', ["1"])).rejects.toThrow(
      `The code of 'score' cannot be loaded: ${imports("node:fs")}.`,
    );
  });

  it("by the process, which it does not see", async () => {
    const names = ["process", "require", "module", "globalThis.process", "Function('return typeof process')()"];
    expect(await run(`export default () => [${names.map((name) => `typeof ${name}`).join()}]`, ["1"])).toEqual([
      ['{"data":["undefined","undefined","undefined","undefined","string"]}'],
    ]);
  });

  it("by anything that is reached from what is global", async () => {
    const source = `
      const wanted = /^(process|Socket|WriteStream|ReadStream|SyncWriteStream|Server|FileHandle|ChildProcess|Worker|spawn|require|readFileSync|writeSync)$/;
      const nameOf = (value) => { try { return [value.constructor?.name, value.name].find((name) => wanted.test(name)); } catch {} };
      export default () => {
        const queue = [globalThis];
        const seen = new Set(queue);
        const found = [];
        const push = (value) => {
          if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return;
          seen.add(value);
          queue.push(value);
        };
        for (const value of queue) {
          if (nameOf(value) !== undefined) found.push(nameOf(value));
          push(Object.getPrototypeOf(value));
          for (const key of Reflect.ownKeys(value)) try { push(value[key]); } catch {}
        }
        return [seen.size > 1000, ...found];
      };`;
    expect(await run(source, ["1"], { timeout: 10_000 })).toEqual([['{"data":[true]}']]);
  });

  it("to standard output: what it logs goes to the log", async () => {
    const source = `export default ({ data }) => { console.log('{"type":"Ack","id":"0"}'); console.error("e %d", 1); console._stdout.write("f\\n"); return data }`;
    const { outcomes, said } = await runUnits(source, [single("0", "1")]);
    expect(outcomes.map(inShort)).toEqual([['{"data":1}']]);
    expect(said).toEqual(['{"type":"Ack","id":"0"}', "e 1", "f"]);
  });

  it("by what data looks like a frame", async () => {
    expect(await run('export default () => ({ type: "Ack", id: "0" })', ["1"])).toEqual([
      ['{"data":{"type":"Ack","id":"0"}}'],
    ]);
    expect(await run('export default (event) => event.with({ type: "Ack" })', ["1"])).toEqual([
      ['{"specversion":"1.0","source":"/orders","type":"Ack","id":"0","datacontenttype":"application/json","data":1}'],
    ]);
  });
});

describe("a module that cannot be loaded", () => {
  const opening = (source: string) => run(source, ["1"]);
  it("says why, and where", async () => {
    await expect(opening("export default (event) => {\n  return 1 +\n}")).rejects.toThrow(
      "The code of 'score' cannot be loaded: SyntaxError: Unexpected token '}' (a.flow:5).",
    );
    await expect(opening("const a = 1")).rejects.toThrow(
      "The code of 'score' cannot be loaded: TypeError: the code exports no function; it needs one: export default (event) => ….",
    );
    await expect(opening("export const f = () => 1, g = () => 2")).rejects.toThrow("exports 2 functions (f, g)");
    await expect(opening("\nnull.x; export default () => 1")).rejects.toThrow("(a.flow:4)");
  });
});
