/** `flow run`: overrides, params, bad records, figures, stopping. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { brokenFlow, copyFlow, place } from "./flow.ts";

const orders = '{"id":1,"total":10}\n{"id":2,"total":30}\n';
const read = (cwd: string, path: string) => readFileSync(join(cwd, path), "utf8");

const kafkaFlow = `param min_total: int = 0

type Order { id: int, total: int }

source raw_orders: Order {
  kafka { brokers: ["kafka:9092"], topic: "orders" }
}

step large from raw_orders {
  filter data.total >= min_total
}

sink out from large {
  kafka { brokers: ["kafka:9092"], topic: "large" }
}
`;

describe("flow run", () => {
  it("runs a file as it stands, output on standard output and the summary on standard error", () => {
    const { out, err, code } = place({ "a.flow": copyFlow, "orders.ndjson": orders }).flow("run", "a.flow");
    expect([out, code]).toEqual([orders, 0]);
    expect(err).toMatch(/^Done: 2 events in, 2 out, in \d\.\d\d s\.\n$/);
  });

  it("takes paths in the file from the file's folder, and paths on the command line from the current one", () => {
    const here = place({ "sub/a.flow": copyFlow, "sub/orders.ndjson": orders, "other.ndjson": '{"id":9}\n' });
    expect(here.flow("run", "sub/a.flow").out).toBe(orders);
    expect(here.flow("run", "sub/a.flow", "--from", "orders=file:other.ndjson").out).toBe('{"id":9}\n');
    here.flow("run", "sub/a.flow", "--to", "out=file:copy.ndjson");
    expect(read(here.cwd, "copy.ndjson")).toBe(orders);
  });

  it("runs a pipeline made for Kafka on local files, names in kebab or snake case", () => {
    const here = place({ "k.flow": kafkaFlow, "orders.ndjson": orders });
    expect(here.flow("run", "k.flow", "--from", "raw-orders=file:orders.ndjson", "--to", "out=stdout").out).toBe(
      orders,
    );
    expect(
      here.flow(
        "run",
        "k.flow",
        "--from",
        "raw_orders=file:orders.ndjson",
        "--to",
        "out=stdout",
        "--param",
        "min_total=20",
      ).out,
    ).toBe('{"id":2,"total":30}\n');
  });

  it("takes params from a file and from the environment, --param first", () => {
    const here = place({ "k.flow": kafkaFlow, "orders.ndjson": orders, "p.yaml": "min_total: 20\n" });
    const words = ["run", "k.flow", "--from", "raw_orders=file:orders.ndjson", "--to", "out=stdout"];
    expect(here.flow(...words, "--params", "p.yaml").out).toBe('{"id":2,"total":30}\n');
    expect(here.flow(...words, "--params", "p.yaml", "--param", "min_total=0").out).toBe(orders);
    expect(here.flowWith({ env: { FLOW_PARAM_MIN_TOTAL: "20" } }, ...words).out).toBe('{"id":2,"total":30}\n');
    expect(
      here.flowWith({ env: { FLOW_PARAM_MIN_TOTAL: "20", FLOW_PARAM_OTHER: "x" } }, ...words, "--param", "min_total=0")
        .out,
    ).toBe(orders);
  });

  it("reads events from standard input", () => {
    const here = place({ "a.flow": copyFlow });
    expect(here.flowWith({ input: orders }, "run", "a.flow", "--from", "orders=stdin").out).toBe(orders);
  });

  it("reads standard input once, and says so instead of finding it empty", () => {
    const here = place({ "a.flow": copyFlow });
    const twice = here.flowWith({ input: copyFlow }, "run", "-", "--from", "orders=stdin");
    expect(twice).toEqual({
      out: "",
      err: "error: Standard input can be read once, but is read by the pipeline itself and 'orders'.\n",
      code: 2,
    });
  });

  it("refuses to write one file twice, the dead letter's too", () => {
    const here = place({
      "a.flow": `${copyFlow}\nsink copy from orders {\n  stdout {}\n}\n`,
      "orders.ndjson": orders,
      "kept.txt": "kept",
    });
    const twice = here.flow("run", "a.flow", "--to", "out=file:kept.txt", "--to", "copy=file:./kept.txt");
    expect([twice.err, twice.code]).toEqual([
      "error: 'out' and 'copy' write the same file, 'kept.txt'.\nOne would overwrite the other: give each a file of its own.\n",
      2,
    ]);
    const dead = here.flow("run", "a.flow", "--to", "out=file:kept.txt", "--dead-letter", "kept.txt");
    expect([dead.err.split("\n")[0], dead.code]).toEqual([
      "error: 'out' and the dead letter write the same file, 'kept.txt'.",
      2,
    ]);
    expect(read(here.cwd, "kept.txt")).toBe("kept");
    expect(here.flow("run", "a.flow", "--to", "out=file:/dev/null", "--to", "copy=file:/dev/null").code).toBe(0);
  });

  it("refuses to read what it adds to in the same run, which might never end", () => {
    const here = place({ "a.flow": copyFlow, "orders.ndjson": `${orders}bad\n` });
    const words = ["run", "a.flow", "--from", "orders=file:*.ndjson"];
    expect(here.flow(...words).code).toBe(0);
    const { err, code } = here.flow(...words);
    expect([err, code]).toEqual([
      "error: 'orders' reads '*.ndjson', and so what the dead letter adds to 'a.dead-letter.ndjson' in the same run.\nGive it another place: --dead-letter FILE.\n",
      2,
    ]);
    expect(here.flow(...words, "--dead-letter", "bad.txt").code).toBe(0);
  });

  it("refuses to replace what it reads, however the path is spelled", () => {
    const here = place({ "a.flow": copyFlow, "orders.ndjson": orders });
    for (const path of ["orders.ndjson", "./orders.ndjson", `${here.cwd}/x/../orders.ndjson`]) {
      const { err, code } = here.flow(
        "run",
        "a.flow",
        "--from",
        "orders=file:orders.ndjson",
        "--to",
        `out=file:${path}`,
      );
      expect([err, code]).toEqual([
        "error: 'out' would replace 'orders.ndjson', which 'orders' reads in the same run.\nGive it another file.\n",
        2,
      ]);
    }
    expect(read(here.cwd, "orders.ndjson")).toBe(orders);
  });

  it("refuses what cannot run here before anything runs, and says which flag to give", () => {
    const jetstream = 'jetstream { servers: ["nats:4222"], subject: "orders"';
    const text = kafkaFlow
      .replace('kafka { brokers: ["kafka:9092"], topic: "orders"', `${jetstream}, stream: "ORDERS"`)
      .replace('kafka { brokers: ["kafka:9092"], topic: "large"', jetstream);
    const { out, err, code } = place({ "k.flow": text }).flow("run", "k.flow");
    expect([out, code]).toEqual(["", 1]);
    expect(err).toContain("--from raw_orders=file:");
    expect(err).toContain("--to out=stdout");
    expect(err).toContain("FLOW5007");
    expect(err).toContain("k.flow:6:3");
  });

  it("says that what reads Kafka keeps its state there", () => {
    const { err, code } = place({ "k.flow": kafkaFlow }).flow("run", "k.flow", "--state", "s");
    expect([err, code]).toEqual([
      "error: 'raw_orders' reads Kafka, so how far it has come and what windows hold is kept there: --state is for other sources.\nLeave it out: the same command goes on where it was stopped or killed.\n",
      2,
    ]);
  });

  it("refuses a container, and says which flag gives it a command", () => {
    const { err, code } = place({
      "w.flow":
        'source a {\n  file { path: "a.ndjson" }\n}\n\nstep w from a {\n  container "score:1"\n}\n\nsink out from w {\n  stdout {}\n}\n',
    }).flow("run", "w.flow");
    expect(code).toBe(1);
    expect(err).toContain(
      "w.flow:6:3 error FLOW5007: The step 'w' cannot run here: it is a container, and those run on a cluster.",
    );
    expect(err).toContain("--exec w='python3 w.py'");
    expect(err).toContain("1 error in 1 file.");
  });

  it("shows the errors of a program and runs nothing", () => {
    const { out, err, code } = place({ "broken.flow": brokenFlow, "orders.ndjson": orders }).flow("run", "broken.flow");
    expect([out, code]).toEqual(["", 1]);
    expect(err).toContain("FLOW2001");
  });

  it("names the nearest node and connector", () => {
    const { flow } = place({ "a.flow": copyFlow, "orders.ndjson": orders });
    expect(flow("run", "a.flow", "--from", "ordrs=stdin")).toMatchObject({
      code: 2,
      err: expect.stringContaining("Did you mean 'orders'?") as string,
    });
    expect(flow("run", "a.flow", "--to", "out=stdot")).toMatchObject({
      code: 2,
      err: expect.stringContaining("Did you mean 'stdout'?") as string,
    });
  });

  it("says what is wrong with the world, without calling it a bug, and exits 1", () => {
    const { err, code } = place({ "a.flow": copyFlow }).flow("run", "a.flow");
    expect(code).toBe(1);
    expect(err).toContain("orders.ndjson");
    expect(err).not.toContain("bug");
  });
});

describe("bad records", () => {
  const typed = `type Order { id: int }\n\n${copyFlow.replace("source orders", "source orders: Order")}`;
  const input = '{"id":1}\n{"id":"x"}\nnot json\n{"id":2}\n';

  it("are kept, counted and reported, and do not change the exit code", () => {
    const here = place({ "a.flow": typed, "orders.ndjson": input });
    const { out, err, code } = here.flow("run", "a.flow");
    expect([out, code]).toEqual(['{"id":1}\n{"id":2}\n', 0]);
    expect(err).toContain("2 bad records in a.dead-letter.ndjson:\n");
    const kept = read(here.cwd, "a.dead-letter.ndjson")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(kept.map(({ node, text }) => [node, text])).toEqual([
      ["orders", '{"id":"x"}'],
      ["orders", "not json"],
    ]);
  });

  it("go where --dead-letter says, and are reported even when --quiet", () => {
    const here = place({ "a.flow": typed, "orders.ndjson": input });
    const { err } = here.flow("run", "a.flow", "--dead-letter", "bad.ndjson", "--quiet");
    expect(err).toMatch(/^2 bad records in bad\.ndjson:\n/);
    expect(readdirSync(here.cwd).sort()).toEqual(["a.flow", "bad.ndjson", "orders.ndjson"]);
  });

  it("of an earlier run are still there after the next", () => {
    const here = place({ "a.flow": typed, "orders.ndjson": input });
    here.flow("run", "a.flow");
    here.flow("run", "a.flow");
    expect(read(here.cwd, "a.dead-letter.ndjson").trim().split("\n").length).toBe(4);
  });

  it("of an earlier run are still there after the next, also where the pipeline names the file", () => {
    const named = `pipeline p {\n  errors dead_letter {\n    file { path: "kept.ndjson" }\n  }\n}\n\n${typed}`;
    const here = place({ "a.flow": named, "orders.ndjson": input });
    here.flow("run", "a.flow");
    here.flow("run", "a.flow");
    expect(read(here.cwd, "kept.ndjson").trim().split("\n").length).toBe(4);
  });

  it("are told apart by where they went", () => {
    const here = place({
      "a.flow": `${typed}\nstep small from orders {\n  filter 10 / (data.id - 2) < 0\n}\n\nsink few from small {\n  stdout {}\n}\n\nsink failed from small.errors {\n  file { path: "failed.ndjson" }\n}\n`,
      "orders.ndjson": input,
    });
    const { err } = here.flow("run", "a.flow");
    expect(err).toContain("Done: 4 events in, 4 out");
    expect(err).toContain("2 bad records in a.dead-letter.ndjson; 1 more went to readers of 'errors':\n");
  });

  it("leave no file behind when there are none", () => {
    const here = place({ "a.flow": typed, "orders.ndjson": '{"id":1}\n' });
    expect(here.flow("run", "a.flow", "--quiet")).toEqual({ out: '{"id":1}\n', err: "", code: 0 });
    expect(existsSync(join(here.cwd, "a.dead-letter.ndjson"))).toBe(false);
  });
});

describe("--stats json", () => {
  it("prints one JSON line and nothing else on standard error", () => {
    const { err, code } = place({ "a.flow": copyFlow, "orders.ndjson": orders }).flow(
      "run",
      "a.flow",
      "--stats",
      "json",
    );
    expect(code).toBe(0);
    expect(err.trim().split("\n").length).toBe(1);
    expect(JSON.parse(err)).toMatchObject({
      pipeline: "a",
      eventsIn: 2,
      eventsOut: 2,
      badEvents: 0,
      deadLetters: 0,
      deadLetter: null,
      stopped: false,
      failed: null,
    });
  });
});

const ticks = `source ticks {
  generate { rate: 100/s, data: { id: i } }
}

sink out from ticks {
  file { path: "out.ndjson" }
}
`;

describe("stopping", () => {
  /** Resolves when the child has printed the text on standard error. */
  const said = (child: ChildProcess, text: string) =>
    new Promise<void>((done) => {
      let all = "";
      child.stderr!.on("data", (part: Buffer) => {
        all += part.toString();
        if (all.includes(text)) done();
      });
    });
  const stdinFlow =
    'source lines {\n  stdin {}\n  format lines\n}\n\nstep seen from lines {\n  log "seen"\n}\n\nsink out from seen {\n  file { path: "out.ndjson" }\n}\n';

  it("--for ends a stream without end, well", () => {
    const here = place({ "t.flow": ticks });
    const { err, code } = here.flow("run", "t.flow", "--for", "300ms");
    expect(code).toBe(0);
    expect(err).toContain("Stopped: ");
    expect(read(here.cwd, "out.ndjson")).toMatch(/^\{"id":0\}\n\{"id":1\}\n/);
  });

  it("does not wait for a throttle that would wait for hours", () => {
    const slow = ticks.replace("rate: 100/s, ", "").replace("from ticks", "from slow");
    const here = place({ "t.flow": slow.replace("sink", "step slow from ticks {\n  throttle 1/h\n}\n\nsink") });
    const { code } = here.flow("run", "t.flow", "--for", "200ms");
    expect([code, read(here.cwd, "out.ndjson")]).toEqual([0, '{"id":0}\n']);
  }, 20_000);

  it("Ctrl-C finishes what has been read, and exits 0", async () => {
    const here = place({ "s.flow": stdinFlow });
    const child = here.start("run", "s.flow");
    const seen = said(child, "seen");
    child.stdin!.write("a\nb\n");
    await seen;
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
    expect(read(here.cwd, "out.ndjson")).toBe('"a"\n"b"\n');
  });

  it("a reader that goes away ends the run quietly, and other sinks are left as they were", async () => {
    const here = place({
      "p.flow":
        'source ticks {\n  generate { data: { id: i } }\n}\n\nsink out from ticks {\n  stdout {}\n}\n\nsink copy from ticks {\n  file { path: "copy.ndjson" }\n}\n',
    });
    const child = here.start("run", "p.flow");
    let err = "";
    child.stderr!.on("data", (part: Buffer) => {
      err += part.toString();
    });
    await once(child.stdout!, "data");
    child.stdout!.destroy();
    const [code] = (await once(child, "exit")) as [number];
    expect([err, code]).toEqual(["", 0]);
    expect(readdirSync(here.cwd)).toEqual(["p.flow"]);
  });

  it("a second Ctrl-C ends at once with 130, and leaves no half output", async () => {
    const here = place({
      "h.flow":
        'source orders {\n  file { path: "orders.ndjson" }\n}\n\nsink out from orders {\n  http { url: "http://127.0.0.1:9/never", timeout: 30s }\n  retry 1000 backoff 10s..20s\n}\n\nstep shown from orders {\n  log "seen"\n}\n\nsink copy from shown {\n  file { path: "copy.ndjson" }\n}\n',
      "orders.ndjson": orders,
    });
    const child = here.start("run", "h.flow");
    await said(child, "seen");
    const stopping = said(child, "Stopping");
    child.kill("SIGINT");
    await stopping;
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(130);
    expect(readdirSync(here.cwd).sort()).toEqual(["h.flow", "orders.ndjson"]);
  });
});

describe("flow init", () => {
  it("writes a project that has no diagnostics, is formatted and runs", () => {
    const here = place();
    const { out, code } = here.flow("init", "my-shop");
    expect(code).toBe(0);
    expect(out).toContain("Next: cd my-shop && flow run pipeline.flow\n");
    expect(readdirSync(join(here.cwd, "my-shop")).sort()).toEqual([
      ".gitignore",
      "README.md",
      "flow.config.json",
      "input",
      "pipeline.flow",
    ]);
    expect(here.flow("check", "my-shop", "--format", "json", "--max-warnings", "0")).toEqual({
      out: "[]\n",
      err: "",
      code: 0,
    });
    expect(here.flow("fmt", "my-shop", "--check").code).toBe(0);
    const run = here.flow("run", "my-shop/pipeline.flow");
    expect(run).toMatchObject({
      out: '{"customer":"ada","orders":2,"total":42.5}\n{"customer":"bob","orders":1,"total":40}\n',
      code: 0,
    });
    expect(run.err).toContain("1 bad record in my_shop.dead-letter.ndjson");
  });

  it("never overwrites, and then writes nothing at all", () => {
    const here = place({ "README.md": "mine" });
    const { err, code } = here.flow("init");
    expect([err, code]).toEqual(["error: Nothing was written: README.md is there already.\n", 1]);
    expect(readdirSync(here.cwd)).toEqual(["README.md"]);
    expect(read(here.cwd, "README.md")).toBe("mine");
  });
});

describe("a csv file that is not in order", () => {
  const csvFlow = `source rows { file { path: "in.csv" } format csv }
sink out from rows { stdout {} }
`;
  const ran = (csv: string | Buffer) => {
    const here = place({ "p.flow": csvFlow });
    writeFileSync(join(here.cwd, "in.csv"), csv);
    const { out, code } = here.flow("run", "p.flow", "--quiet");
    const letters = read(here.cwd, "p.dead-letter.ndjson").trimEnd().split("\n");
    const bad = letters.map((line) => JSON.parse(line) as { reason: string; text?: string; base64?: string });
    return { out, code, bad };
  };

  it("keeps rows with more or fewer fields than the header as bad records, and gives the others", () => {
    const { out, code, bad } = ran("a,b\n1\n1,2,3\n5,6\n");
    expect([out, code]).toEqual(['{"a":"5","b":"6"}\n', 0]);
    expect(bad.map(({ reason, text }) => [reason, text])).toEqual([
      ["The record has 1 field, and the header 2.", "1"],
      ["The record has 3 fields, and the header 2.", "1,2,3"],
    ]);
  });

  it("keeps all that a quote open at the end of the file has taken", () => {
    const { out, bad } = ran('a,b\n1,2\n"open,3\n4,5\n');
    expect(out).toBe('{"a":"1","b":"2"}\n');
    expect(bad).toEqual([
      expect.objectContaining({
        reason: "The quoted field 1 does not close: the line after it is taken for its text.",
        text: '"open,3\n4,5\n',
      }),
    ]);
  });

  it.each([
    ["names a field twice", "a,a\n1,2\n3,4\n"],
    ["does not close a quote rightly", '"a"x,b\n1,2\n3,4\n'],
    ["is no UTF-8", Buffer.from("\xff,b\n1,2\n3,4\n", "latin1")],
  ])("keeps every row as a bad record when the header %s", (_, csv) => {
    const { out, bad } = ran(csv);
    expect(out).toBe("");
    expect(bad.map(({ text }) => text).slice(1)).toEqual(["1,2", "3,4"]);
    expect(bad[2]?.reason).toContain("the header cannot be used");
  });
});

it.skipIf(!existsSync("/dev/full"))("fails, and says so, where the disk is full", () => {
  const here = place({ "a.flow": copyFlow, "orders.ndjson": orders });
  const { err, code } = here.flow("run", "a.flow", "--from", "orders=file:orders.ndjson", "--to", "out=file:/dev/full");
  expect([code, err]).toEqual([1, expect.stringMatching(/'out' cannot write '\/dev\/full'/)]);
});
