/** Units as files: atomic on both sides, also when the program goes wrong. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openFile } from "./file.ts";
import { chunkOf, type Opened, one, opened } from "./transport.fixture.ts";
import type { Outcome } from "./user-code.ts";

type Options = Parameters<typeof opened>[1]["options"];

/** `take(name, text, answer)` is called for each file, once; `answer` puts the answer where it belongs. */
async function program(take: string, options: Options = {}): Promise<Opened> {
  const script = `
    const fs = require("node:fs"), { FLOW_IN, FLOW_OUT } = process.env;
    const seen = new Set();
    const answerAs = (name) => (text) => {
      fs.writeFileSync(FLOW_OUT + "/." + name, text);
      fs.renameSync(FLOW_OUT + "/." + name, FLOW_OUT + "/" + name);
    };
    const take = (name, text, answer) => { ${take} };
    setInterval(() => {
      for (const name of fs.readdirSync(FLOW_IN).sort()) {
        if (seen.has(name)) continue;
        seen.add(name);
        take(name, fs.readFileSync(FLOW_IN + "/" + name, "utf8"), answerAs(name));
      }
    }, 2);`;
  return run([process.execPath, "-e", script], options);
}

async function run(command: readonly string[], options: Options = {}): Promise<Opened> {
  const code = await opened(openFile, { options: { command: [...command], grace: 2_000, ...options } });
  onTestFinished(() => code.code.abort());
  return code;
}

const done = (...results: readonly unknown[]) => ({ kind: "done", results });
const failed = (reason: string) => ({ kind: "failed", reason: `the program ${reason}` });
const starts = ({ logged }: Opened) => logged.filter(([message]) => message === "program started").length;
/** Of the event in the file. */
const isOf = (id: string) => `JSON.parse(text).data.id === "${id}"`;
/** The results of an answer, all of them JSON. */
const resultsOf = (outcome: Outcome) =>
  outcome.kind === "done" ? outcome.results.map((result) => JSON.parse(String(result))) : [];

/** The text of a file, once it is there. */
async function appears(folder: string, name: string): Promise<string> {
  for (;;) {
    if (existsSync(join(folder, name))) return readFileSync(join(folder, name), "utf8");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("a program behind files", () => {
  it("finds an event as a file, and answers with a file of the same name", async () => {
    const { ask, code } = await program("answer(JSON.stringify({ data: [name, text] }))");
    const unit = one("1");
    expect(await ask(unit)).toEqual(done(JSON.stringify({ data: ["00000001.json", `${unit.events[0]!.json}\n`] })));
    expect(await ask(one("2"))).toMatchObject({ kind: "done" });
    await code.close();
  });

  it("finds a chunk as lines in frames, and may answer with them", async () => {
    const { ask } = await program("answer(text)");
    const unit = chunkOf(3, { key: '"a"' });
    expect(await ask(unit)).toEqual(done(...unit.events.map(({ json }) => `{"type":"Data","event":${json}}`)));
  });

  it("may be a shell script", async () => {
    const script = `
      while :; do
        for file in "$FLOW_IN"/*.json; do
          [ -e "$file" ] || continue
          name=\${file##*/}
          sed 's/"id":"a"/"id":"b"/g' "$file" > "$FLOW_OUT/.$name" && rm -f "$file" && mv "$FLOW_OUT/.$name" "$FLOW_OUT/$name"
        done
        sleep 0.01
      done`;
    const { ask } = await run(["/bin/sh", "-c", script]);
    const [unit] = one("a").events;
    expect(await ask(one("a"))).toEqual(done(unit!.json.replaceAll('"a"', '"b"')));
  });

  it("has folders that only we can look into, and that are gone afterwards", async () => {
    const { ask, code } = await program(
      `const mode = (path) => (fs.statSync(path).mode & 0o777).toString(8);
       answer(JSON.stringify({ data: [FLOW_IN, mode(FLOW_IN), mode(FLOW_OUT), mode(FLOW_IN + "/" + name)] }));`,
    );
    const outcome = await ask(one("1"));
    const [[path, ...modes]] = resultsOf(outcome).map(({ data }) => data);
    expect(modes).toEqual(["700", "700", "600"]);
    expect(readdirSync(path)).toEqual([]);
    await code.close();
    expect(existsSync(path)).toBe(false);
  });

  it("finds nothing but whole files", async () => {
    const { ask } = await program(
      `globalThis.all ??= []; globalThis.all.push(name); answer(JSON.stringify({ data: globalThis.all }));`,
    );
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(one(`${i}`, "x".repeat(100_000)))));
    const found = outcomes.flatMap((outcome) => resultsOf(outcome).map(({ data }) => data.length));
    expect(Math.max(...found)).toBe(40);
  });

  it("works on several at once, in any order", async () => {
    const { ask } = await program(
      `globalThis.held = [...(globalThis.held ?? []), answer];
       if (globalThis.held.length === 3) globalThis.held.reverse().forEach((answer, i) => answer('{"data":' + i + "}"));`,
    );
    expect(await Promise.all(["1", "2", "3"].map((id) => ask(one(id))))).toEqual([
      done('{"data":2}'),
      done('{"data":1}'),
      done('{"data":0}'),
    ]);
  });
});

describe("an answer file", () => {
  it.each([
    ["nothing", "", done()],
    ["an end", '{"type":"Ack"}\n', done()],
    ["results and an end", '{"data":1}\n\n{"data":2}\r\n{"type":"Ack","id":"1"}\n', done('{"data":1}', '{"data":2}')],
    ["results alone, the last without an end of line", '{"data":1}\n{"data":2}', done('{"data":1}', '{"data":2}')],
    ["Reject", '{"data":1}\n{"type":"Reject","reason":"no"}\n', { kind: "rejected", reason: "no" }],
    ["Retry", '{"type":"Retry","reason":"later"}\n', { kind: "failed", reason: "later" }],
    ["garbage", "hello\n", failed("answered what is no event: hello")],
    ["half a line", '{"data":1}\n{"data":{"a"', failed('answered what is no event: {"data":{"a"')],
    ["another id", '{"type":"Ack","id":"7"}\n', failed("answered with Ack of '7', where '1' is to be answered")],
    ["more behind its end", '{"type":"Ack"}\n{"data":1}\n', done()],
    ["a frame of a chunk", '{"type":"ChunkEnd","id":"1"}\n', expect.objectContaining({ kind: "failed" })],
  ])("with %s says so", async (_, text, outcome) => {
    const { ask } = await program(`answer(${JSON.stringify(text)})`);
    expect(await ask(one("1"))).toEqual(outcome);
  });
});

describe("a program behind files that goes wrong", () => {
  it("and hangs is ended and started again; the unit fails", async () => {
    const code = await program(`if (!(${isOf("hang")})) answer("")`, { timeout: 300 });
    expect(await code.ask(one("hang"))).toEqual(failed("gave no answer within 300ms"));
    expect(await code.ask(one("2"))).toEqual(done());
    expect(starts(code)).toBe(2);
  });

  it("and ends fails the unit; what it left half written is no answer", async () => {
    const { ask } = await program(
      `if (${isOf("end")}) { fs.writeFileSync(FLOW_OUT + "/." + name, '{"data":1}'); process.exit(3); } answer("")`,
    );
    expect(await ask(one("1"))).toEqual(done());
    expect(await ask(one("end"))).toEqual(failed("ended with exit code 3"));
    expect(await ask(one("2"))).toEqual(done());
  });

  it("and ends after it has answered is believed", async () => {
    const { ask, says } = await program(`answer('{"data":1}'); process.exit(name === "00000001.json" ? 4 : 5);`);
    expect(await ask(one("1"))).toEqual(done('{"data":1}'));
    await says("ended with exit code 4");
    expect(await ask(one("2"))).toEqual(done('{"data":1}'));
  });

  it("and ends with several under way interrupts them, but for those it has answered", async () => {
    const { ask } = await program(
      `globalThis.count = (globalThis.count ?? 0) + 1;
       if (${isOf("answered")}) answer("");
       if (globalThis.count === 3) process.exit(3);
       if (${isOf("again")}) answer("");`,
    );
    expect(await Promise.all(["answered", "2", "3"].map((id) => ask(one(id))))).toEqual([
      done(),
      { kind: "interrupted" },
      { kind: "interrupted" },
    ]);
    expect(await Promise.all([one("again"), one("again")].map(ask))).toEqual([done(), done()]);
  });

  it("and answers a link, a folder or a pipe fails, and nothing is read", async () => {
    const { ask } = await program(
      `const made = FLOW_OUT + "/." + name;
       if (${isOf("link")}) fs.symlinkSync("/etc/passwd", made);
       if (${isOf("folder")}) fs.mkdirSync(made);
       if (${isOf("pipe")}) require("node:child_process").execFileSync("mkfifo", [made]);
       fs.renameSync(made, FLOW_OUT + "/" + name);`,
    );
    expect(await Promise.all(["link", "folder", "pipe"].map((id) => ask(one(id))))).toEqual([
      failed("answered what is no event: a symbolic link, which is not followed"),
      failed("answered what is no event: a file that is none"),
      failed("answered what is no event: a file that is none"),
    ]);
  });

  it("and answers too much is ended", async () => {
    const code = await program(
      `const made = FLOW_OUT + "/.made";
       if (${isOf("file")}) {
         fs.writeFileSync(made, "");
         fs.truncateSync(made, 2 ** 30);
         fs.renameSync(made, FLOW_OUT + "/" + name);
       } else if (${isOf("line")}) answer('{"data":"' + "x".repeat(2 ** 24) + '"}'); else answer("")`,
    );
    expect(await code.ask(one("file"))).toEqual(failed("answered too much"));
    expect(await code.ask(one("line"))).toEqual(failed("answered too much"));
    expect(await code.ask(one("3"))).toEqual(done());
    expect(starts(code)).toBe(3);
  });

  it("and leaves files that nobody asked for is told so, and they are left alone", async () => {
    const { ask, says } = await program(
      `fs.writeFileSync(FLOW_OUT + "/notes.txt", "x"); answer(JSON.stringify({ data: FLOW_OUT }));`,
    );
    const [{ data: folder }] = resultsOf(await ask(one("1")));
    await says("a file that nobody asked for: left alone");
    await ask(one("2"));
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
  });

  it("and answers twice, or before it is asked, is told so; each unit has the answer to itself", async () => {
    const { ask, says, ...code } = await program(
      `if (name === "00000001.json") answerAs("00000002.json")('{"data":"wrong"}');
       answer(JSON.stringify({ data: name }));
       if (name === "00000002.json") setTimeout(() => answer('{"data":"again"}'), 20);`,
    );
    expect(await ask(one("1"))).toEqual(done('{"data":"00000001.json"}'));
    expect(await ask(one("2"))).toEqual(done('{"data":"00000002.json"}'));
    await says("answered twice, or too late: removed");
    expect(await ask(one("3"))).toEqual(done('{"data":"00000003.json"}'));
    expect(starts({ ask, says, ...code })).toBe(1);
  });
});

describe("a folder that is shared with something else", () => {
  const shared = () => {
    const folder = mkdtempSync(join(tmpdir(), "flow-shared-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return folder;
  };

  it("is cleared of what an earlier run left, and no name comes twice", async () => {
    const folder = shared();
    for (const name of ["in", "out"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "in/00000041.json"), "{}");
    writeFileSync(join(folder, "out/00000007.json"), '{"data":"old"}');
    writeFileSync(join(folder, "out/notes.txt"), "");
    const { ask, code } = await opened(openFile, { options: { folder } });
    onTestFinished(() => code.abort());
    expect(readdirSync(join(folder, "out"))).toEqual(["notes.txt"]);
    const outcome = ask(one("1"));
    const name = "00000042.json";
    expect(await appears(join(folder, "in"), name)).toBe(`${one("1").events[0]!.json}\n`);
    writeFileSync(join(folder, "out/.x"), '{"data":1}');
    renameSync(join(folder, "out/.x"), join(folder, "out", name));
    expect(await outcome).toEqual(done('{"data":1}'));
    await code.close();
    expect([readdirSync(join(folder, "in")), readdirSync(join(folder, "out"))]).toEqual([[], ["notes.txt"]]);
  });

  it("keeps a unit only as long as its answer may come", async () => {
    const folder = shared();
    const { ask, code } = await opened(openFile, { options: { folder, timeout: 100 } });
    onTestFinished(() => code.abort());
    expect(await ask(one("1"))).toEqual(failed("gave no answer within 100ms"));
    const again = ask(one("1"));
    await appears(join(folder, "in"), "00000002.json");
    expect(existsSync(join(folder, "in/00000001.json"))).toBe(false);
    writeFileSync(join(folder, "out/.x"), "");
    renameSync(join(folder, "out/.x"), join(folder, "out/00000002.json"));
    expect(await again).toEqual(done());
  });

  it("is needed where there is no program", async () => {
    await expect(opened(openFile, { options: {} })).rejects.toMatchObject({ code: "bad-config" });
  });
});
