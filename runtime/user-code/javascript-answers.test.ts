/** How the reasons of our own runner read. */
import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { listen } from "./javascript-answers.ts";

it("takes results and signs apart, in pieces of any size, and knows what the runner did not write", async () => {
  const text = '{"specversion":"1.0","data":"é"}\n{"type":"Ack","id":"1"}\n{"type":"\nWorking';
  for (const size of [1, 7, 1000]) {
    const output = new PassThrough();
    const heard: unknown[] = [];
    listen(output, {
      heard: () => {},
      result: (line) => heard.push(line),
      said: (line) => heard.push(line),
    });
    const bytes = Buffer.from(text);
    for (let from = 0; from < bytes.length; from += size) output.write(bytes.subarray(from, from + size));
    output.end();
    await new Promise((resolve) => output.once("end", resolve));
    expect(heard).toEqual(['{"specversion":"1.0","data":"é"}', { type: "Ack", id: "1" }, { type: "Garbage" }]);
  }
});
