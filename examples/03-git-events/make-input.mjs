/** Writes input/commits.ndjson: the newest 40 commits of this repository, as nested JSON, oldest first. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const log = execFileSync(
  "git",
  ["log", "-n", "40", "--reverse", "--numstat", "--format=%x1e%H%x1f%an%x1f%aI%x1f%s%x1f%b%x1f%P%x1f"],
  {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  },
);

const count = (text) => (text === "-" ? 0 : Number(text));

const commits = log
  .split("\x1e")
  .slice(1)
  .map((entry) => {
    const [sha, name, date, subject, body, parents, files] = entry.split("\x1f");
    return {
      sha,
      author: { name, date: new Date(date).toISOString() },
      message: { subject, body: body.trim() },
      parents: parents === "" ? [] : parents.split(" "),
      files: files
        .trim()
        .split("\n")
        .filter((line) => line !== "")
        .slice(0, 12)
        .map((line) => {
          const [added, removed, path] = line.split("\t");
          return { path, added: count(added), removed: count(removed) };
        }),
    };
  });

writeFileSync(
  new URL("input/commits.ndjson", import.meta.url),
  commits.map((commit) => `${JSON.stringify(commit)}\n`).join(""),
);
