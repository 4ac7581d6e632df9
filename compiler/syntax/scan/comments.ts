/** Comments; those of `///` become the documentation of the token that follows. */
import { insertion, replacement } from "./fixes.ts";
import { StringScanner } from "./strings.ts";

export class CommentScanner extends StringScanner {
  protected lineComment(): void {
    const { text } = this;
    const start = this.at;
    let end = start + 2;
    for (let c = text.charCodeAt(end); end < text.length && c !== 10 && c !== 13; c = text.charCodeAt(end)) end++;
    const isDoc = this.newline && text.charCodeAt(start + 2) === 47 && text.charCodeAt(start + 3) !== 47;
    const body = text.substring(start + (isDoc ? 3 : 2), end);
    this.comments.push({ kind: isDoc ? "doc" : "line", text: body, span: { start, end } });
    if (isDoc) {
      const line = (body.startsWith(" ") ? body.slice(1) : body).trimEnd();
      this.doc = this.doc === undefined ? line : `${this.doc}\n${line}`;
    }
    this.at = end;
  }

  protected blockComment(): void {
    const start = this.at;
    const close = this.text.indexOf("*/", start + 2);
    const end = close === -1 ? this.text.length : close + 2;
    const body = this.text.substring(start + 2, close === -1 ? end : close);
    this.comments.push({ kind: "block", text: body, span: { start, end } });
    if (/[\r\n]/.test(body)) this.newline = true;
    this.at = end;
    if (close === -1) this.say("FLOW1004", { start, end: start + 2 }, {}, insertion("Close the comment", end, " */"));
  }

  protected hashComment(): void {
    const start = this.at;
    const end = this.endOf(start, /[^\r\n]*/y);
    this.comments.push({ kind: "line", text: this.text.substring(start + 1, end), span: { start, end } });
    this.at = end;
    const mark = { start, end: start + 1 };
    this.say(
      "FLOW1001",
      mark,
      { text: "#", instead: "`//` before a comment" },
      replacement("Begin the comment with `//`", mark, "//"),
    );
  }
}
