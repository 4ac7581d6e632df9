/** docs/user-code.md holds the very programs that the tests run, and every line it shows is what the JSON Schemas say. `vitest -u` writes the programs into the page. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { answerProblems, inputProblems } from "./schemas.ts";

const folder = "test/user-code";
const page = readFileSync("docs/user-code.md", "utf8");
const program = (name: string): string => readFileSync(join(folder, name), "utf8");
const programs = readdirSync(folder).filter((name) => /^(step|mean)/i.test(name) && !name.endsWith(".ts"));

/** A comment that names a file, and behind it the block that holds it. */
const embedded = /<!-- ([\w.-]+) -->\n```(\w+)\n([\s\S]*?)```/g;

/** The lines of the blocks that are `given` to programs, or `answered` by them. */
function shown(direction: "given" | "answered"): readonly string[] {
  const blocks = page.matchAll(new RegExp(`\`\`\`jsonl ${direction}\\n([\\s\\S]*?)\`\`\``, "g"));
  return [...blocks].flatMap((block) => block[1]!.trim().split("\n"));
}

describe("docs/user-code.md", () => {
  it("holds the programs as they are in test/user-code", async () => {
    const told = page.replaceAll(
      embedded,
      (_, name: string, language: string) => `<!-- ${name} -->\n\`\`\`${language}\n${program(name)}\`\`\``,
    );
    expect([...page.matchAll(embedded)].map((found) => found[1])).toEqual([
      "step.mjs",
      "step.py",
      "step.go",
      "Step.java",
      "step.awk",
      "step.sh",
    ]);
    await expect(told).toMatchFileSnapshot("../../docs/user-code.md");
  });

  it("names every program", () => {
    expect(programs.filter((name) => !page.includes(name))).toEqual([]);
  });

  it.each(programs)("%s has at most 15 lines beside comments and blank ones", (name) => {
    const lines = program(name).split("\n");
    expect(lines.filter((line) => !/^\s*(\/\/|#|$)/.test(line)).length).toBeLessThanOrEqual(15);
  });

  it("shows as given what the schema of the input says", () => {
    expect(shown("given").length).toBeGreaterThan(3);
    expect(shown("given").flatMap(inputProblems)).toEqual([]);
  });

  it("shows as answers what the schema of the answers says", () => {
    expect(shown("answered").length).toBeGreaterThan(5);
    expect(shown("answered").flatMap(answerProblems)).toEqual([]);
  });

  it("shows length frames whose lengths are right", () => {
    const [, dump] = /```hex\n([\s\S]*?)```/.exec(page)!;
    const messages = dump!.split("\n\n").map((message) => {
      const bytes = Buffer.from(message.replaceAll(/ {2,}.*$/gm, "").replaceAll(/\s/g, ""), "hex");
      const headerEnd = 8 + bytes.readUInt32BE(4);
      expect(bytes.readUInt32BE(0)).toBe(bytes.length - 4);
      return { header: bytes.toString("utf8", 8, headerEnd), data: bytes.subarray(headerEnd).toString("hex") };
    });
    expect(messages).toEqual([
      { header: '{"specversion":"1.0","id":"7","datacontenttype":"image/png"}', data: "00ff" },
      { header: '{"type":"Ack","id":"7"}', data: "" },
    ]);
    expect(messages.flatMap(({ header }) => answerProblems(header))).toEqual([]);
  });
});
