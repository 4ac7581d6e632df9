/** A command line of `--exec` as words, without a shell. */
import { describe, expect, it } from "vitest";
import { commandWords } from "./command-words.ts";

describe("a command on one line", () => {
  it.each([
    ["python3 score.py", ["python3", "score.py"]],
    ["  a \t b\nc  ", ["a", "b", "c"]],
    ["awk '{ print $1 }'", ["awk", "{ print $1 }"]],
    [`sh -c "echo \\"it's\\" \\\\ \\n"`, ["sh", "-c", `echo "it's" \\ \\n`]],
    ["a\\ b 'c'\"d\"e", ["a b", "cde"]],
    [`node -e ''`, ["node", "-e", ""]],
    ["grep $HOME | wc > x; ls *", ["grep", "$HOME", "|", "wc", ">", "x;", "ls", "*"]],
    ["", []],
  ])("%s", (line, words) => expect(commandWords(line)).toEqual(words));

  it("says what is not closed", () => {
    expect(() => commandWords("a 'b c")).toThrow("a quote ' is not closed");
    expect(() => commandWords('a "b\\" c')).toThrow('a quote " is not closed');
    expect(() => commandWords("a\\")).toThrow("it ends with a backslash, and nothing comes after");
  });
});
