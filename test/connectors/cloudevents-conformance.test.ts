/**
 * The CloudEvents project's own conformance cases for HTTP, run against a real source: each request of the feature file goes
 * over a socket to an `http` source, and its messages through the `cloudevents` format. The file is read where it lies, beside
 * the repository; without it the test says so.
 */
import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cloudevents } from "../../runtime/codec/cloudevents.ts";
import { builtInConnectors } from "../../runtime/connectors/index.ts";
import { fixture, openSource } from "../../runtime/connectors/open-context.fixture.ts";

const featurePath = join(
  import.meta.dirname,
  "../../../shared/conformance/cloudevents/features/http-protocol-binding.feature",
);

interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly text: string;
  /** Between `"""`, its indentation taken off. */
  readonly block?: string;
  readonly table?: readonly (readonly string[])[];
}

/** The part of Gherkin that the file uses: scenario outlines with examples, doc strings and tables. */
function scenariosOf(feature: string): Scenario[] {
  const [background = "", ...outlines] = feature.split(/^\s*Scenario Outline:/m);
  const shared = stepsOf(background.split(/^\s*Background:/m)[1] ?? "");
  return outlines.flatMap((outline) => {
    const [body = "", examples = ""] = outline.split(/^\s*Examples:/m);
    const [header = [], ...rows] = tableOf(examples.split("\n"));
    return rows.map((row) => {
      const filled = header.reduce((text, name, i) => text.replaceAll(`<${name}>`, row[i] ?? ""), body);
      return { name: filled.split("\n")[0]!.trim(), steps: [...shared, ...stepsOf(filled)] };
    });
  });
}

function stepsOf(text: string): Step[] {
  const starts = [...text.matchAll(/^\s*(?:Given|When|Then|And) (.*)$/gm)];
  return starts.map((match, i) => {
    const body = text.slice(match.index + match[0].length, starts[i + 1]?.index ?? text.length);
    const block = /^\s*"""\n([\s\S]*?)\n\s*"""/m.exec(body)?.[1];
    const table = tableOf(body.split("\n"));
    return {
      text: match[1]!.trim(),
      ...(block === undefined ? {} : { block: dedented(block) }),
      ...(table.length > 0 ? { table } : {}),
    };
  });
}

function tableOf(lines: readonly string[]): string[][] {
  return lines
    .filter((line) => line.trim().startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function dedented(block: string): string {
  const lines = block.split("\n");
  const indent = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join("\n");
}

/** As it stands in the file, with the line ends of HTTP and the length that the body really has. */
function wireText(request: string): string {
  const [head = "", ...body] = request.split("\n\n");
  const bodyText = body.join("\n\n");
  const headers = head.split("\n").filter((line) => !/^content-length:/i.test(line));
  return `${[...headers, `Content-Length: ${Buffer.byteLength(bodyText)}`, "Connection: close"].join("\r\n")}\r\n\r\n${bodyText}`;
}

interface Parsed {
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: unknown;
}

async function throughSource(request: string): Promise<Parsed> {
  const format = { type: "cloudevents", options: {} } as const;
  const { context, logged } = fixture(
    { port: 0, host: "127.0.0.1", path: "/someresource", max_body: 10_000 },
    { format },
  );
  const source = await openSource(builtInConnectors().get("http")!, context);
  if (source.kind !== "messages") throw new Error("not messages");
  try {
    const socket = connect(Number(new URL(String(logged[0]![2].url)).port), "127.0.0.1");
    const answered = new Promise<string>((resolve) =>
      socket.once("data", (chunk: Buffer) => resolve(chunk.toString())),
    );
    socket.write(wireText(request));
    const batch = await Promise.race([source.pull(1), answered.then((answer) => Promise.reject(new Error(answer)))]);
    const message = batch!.messages[0]!;
    const decoder = cloudevents.decoder({
      options: {},
      type: undefined,
      resolve: (type) => type,
      parseJson: JSON.parse,
      toJson: JSON.stringify,
    });
    const data = decoder.decode(new TextDecoder().decode(message.bytes), message);
    source.ack(batch!);
    expect(await answered).toMatch(/^HTTP\/1\.1 202 /);
    return { attributes: { ...decoder.attributes?.() }, data };
  } finally {
    await source.close(false);
  }
}

async function play(scenario: Scenario): Promise<number> {
  let request = "";
  let parsed: Parsed | undefined;
  let checks = 0;
  for (const step of scenario.steps) {
    if (step.text === "HTTP Protocol Binding is supported") continue;
    if (step.text === "an HTTP request") request = step.block ?? "";
    else if (step.text === "parsed as HTTP request") parsed = await throughSource(request);
    else if (step.text === "the attributes are:") {
      const [, ...rows] = step.table ?? [];
      expect(parsed?.attributes).toEqual(Object.fromEntries(rows.map(([key, value]) => [key, value])));
      checks++;
    } else if (step.text === "the data is equal to the following JSON:") {
      expect(parsed?.data).toEqual(JSON.parse(step.block ?? ""));
      checks++;
    } else throw new Error(`The feature has a step that this test does not know: ${step.text}`);
  }
  return checks;
}

describe("the CloudEvents conformance cases for HTTP", () => {
  if (!existsSync(featurePath)) {
    it.skip(`are not here: ${featurePath} is missing`, () => {});
    return;
  }
  const scenarios = scenariosOf(readFileSync(featurePath, "utf8"));

  it("are all there", () => expect(scenarios.length).toBeGreaterThanOrEqual(4));

  it.each(scenarios)("$name", async (scenario) => {
    expect(await play(scenario)).toBe(2);
  });
});
