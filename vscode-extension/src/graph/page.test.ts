import { expect, it } from "vitest";
import { pageHtml } from "./page.ts";

it("runs one script by its nonce, and lets nothing else in", () => {
  const html = pageHtml({
    cspSource: "https://files",
    nonce: "n0",
    script: "s.js",
    style: 's.css?"><b>',
    layout: "l.js",
  });
  expect(html).toContain(
    `content="default-src 'none'; style-src https://files; script-src 'nonce-n0'; worker-src blob:; connect-src https://files"`,
  );
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html).not.toMatch(/<b>|unsafe|eval/);
});
