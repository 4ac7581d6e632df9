/**
 * Open documents over a host. The analysis of a file is made when it is first asked for, and kept until the text of a
 * file that it read changes. Trees are kept by text, so that a file which many import is parsed once; after an edit the
 * declarations that it did not touch keep their trees, and a check looks only at what depends on the others.
 */
import { deploymentDiagnostics } from "../emit/deployment.ts";
import { type Checked, type CheckOptions, check } from "../semantics/check.ts";
import { type CheckCounts, CheckMemo } from "../semantics/memo/check-memo.ts";
import type { Model } from "../semantics/model.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Host } from "../source/host.ts";
import { type SourceText, sourceText } from "../source/source-text.ts";
import type { Span } from "../source/span.ts";
import type { SourceFile } from "../syntax/ast.ts";
import { type Kept, parseAside, parseKept, reparse } from "../syntax/incremental/reparse.ts";
import { type Parsed, parse } from "../syntax/parse.ts";

/** Holds until the text of the file changes: then the trees of what stands behind the edit move. */
export interface Analysis {
  readonly path: string;
  readonly source: SourceText;
  readonly tree: SourceFile;
  /** Those of this file alone; what is wrong in a file it imports is in `allDiagnostics`, as `flow check` prints it. */
  readonly diagnostics: readonly Diagnostic[];
  readonly allDiagnostics: readonly Diagnostic[];
  readonly model: Model;
  /** Every .flow text that was read for it, by path. */
  readonly sources: ReadonlyMap<string, SourceText>;
  /** Every path that was asked for, those without a file too. */
  readonly dependencies: ReadonlySet<string>;
}

export interface WorkspaceOptions {
  /** The flow.config.json to use; by default the nearest one above each file. */
  readonly config?: string;
  /** The .flow files of the workspace that may be not open, for references and names across files. */
  readonly files?: () => readonly string[];
  /** The names in a folder, those of folders with a `/` behind them: proposed where a path is written. */
  readonly inFolder?: (folder: string) => readonly string[];
}

/** An edit of an open document; offsets are those of the text before it. Several are applied one after the other. */
export interface TextEdit extends Span {
  readonly newText: string;
}

interface Document {
  readonly source: SourceText;
  readonly version: number;
}

const mostAnalyses = 200;

export class Workspace {
  readonly host: Host;
  readonly #base: Host;
  readonly #options: WorkspaceOptions;
  readonly #documents = new Map<string, Document>();
  /** .flow files of the host as they were read, until they are said to have changed. */
  readonly #sources = new Map<string, SourceText | undefined>();
  readonly #analyses = new Map<string, FileAnalysis>();
  /** By path: of the text as it is, or as it was when somebody last asked. */
  readonly #trees = new Map<string, Kept>();
  /** Of open files: what the last check of them found. */
  readonly #memos = new Map<string, CheckMemo>();
  #revision = 0;

  constructor(host: Host, options: WorkspaceOptions = {}) {
    this.#base = host;
    this.#options = options;
    this.host = {
      readFile: (path) => this.#documents.get(path)?.source.text ?? this.#closed(path)?.text,
      resolve: (from, path) => host.resolve(from, path),
    };
  }

  /** Grows with every change of any text: what was computed at the same revision still holds. */
  get revision(): number {
    return this.#revision;
  }

  open(path: string, text: string, version = 0): void {
    const before = this.host.readFile(path);
    this.#documents.set(path, { source: sourceText(path, text), version });
    if (before !== text) this.changed(path);
  }

  /** @param change the whole new text, or edits of the present one. */
  change(path: string, change: string | readonly TextEdit[], version?: number): void {
    const document = this.#documents.get(path);
    const before = document?.source.text ?? this.#closed(path)?.text ?? "";
    const text = typeof change === "string" ? change : change.reduce(applyEdit, before);
    this.#documents.set(path, { source: sourceText(path, text), version: version ?? (document?.version ?? 0) + 1 });
    if (text !== before) this.changed(path);
  }

  /** From now on the host's text counts again. */
  close(path: string): void {
    const document = this.#documents.get(path);
    if (!document) return;
    this.#documents.delete(path);
    this.#sources.delete(path);
    this.#memos.delete(path);
    if (this.#base.readFile(path) !== document.source.text) this.changed(path);
  }

  /** The text of a file has changed, was made or is gone: whoever read it, or looked for it, is analysed anew. */
  changed(path: string): void {
    this.#revision++;
    this.#sources.delete(path);
    if (!this.#documents.has(path)) this.#trees.delete(path);
    this.#analyses.delete(path);
    for (const dependent of this.dependents(path)) this.#analyses.delete(dependent);
  }

  isOpen(path: string): boolean {
    return this.#documents.has(path);
  }

  version(path: string): number | undefined {
    return this.#documents.get(path)?.version;
  }

  openPaths(): readonly string[] {
    return [...this.#documents.keys()];
  }

  /** The names in a folder; none where the host cannot list them. */
  inFolder(folder: string): readonly string[] {
    return this.#options.inFolder?.(folder) ?? [];
  }

  /** Open files and those of the workspace that may be closed, each once. */
  allPaths(): readonly string[] {
    return [...new Set([...this.#documents.keys(), ...(this.#options.files?.() ?? [])])];
  }

  file(path: string): Analysis {
    let analysis = this.#analyses.get(path);
    if (!analysis) {
      this.#forgetSome();
      analysis = new FileAnalysis(path, this.#sourceOf(path), this.host, {
        config: this.#options.config,
        parseFlow: this.#parse,
        sourceOf: this.#sourceWith,
        memo: this.#memoOf(path),
      });
      this.#analyses.set(path, analysis);
    }
    return analysis;
  }

  /** The syntax tree alone, which is far cheaper than an analysis. */
  tree(path: string): SourceFile {
    return this.#parse(this.#sourceOf(path)).file;
  }

  source(path: string): SourceText {
    return this.#sourceOf(path);
  }

  /** The file as it would be with another text. Nothing of it is kept. */
  checkAs(path: string, text: string, watch: NonNullable<CheckOptions["watch"]>): Checked {
    return check(path, this.#hostWith(path, text), {
      paramsLater: true,
      parseFlow: (source) => (source.path === path ? parse(source) : this.#parse(source)),
      watch,
    });
  }

  /**
   * Like `checkAs`, for a question about the place where the text differs: only what depends on that is checked, and
   * `watch` told of. What stands behind it keeps the places that it has in the file.
   */
  glanceAs(path: string, text: string, watch: NonNullable<CheckOptions["watch"]>): Checked {
    const memo = this.#memoOf(path);
    this.tree(path);
    const kept = this.#trees.get(path)!;
    return check(path, this.#hostWith(path, text), {
      paramsLater: true,
      parseFlow: (source) => (source.path === path ? parseAside(kept, source) : this.#parse(source)),
      watch,
      ...(memo ? { memory: memo.glance() } : {}),
    });
  }

  /** Of the last check of an open file. */
  counts(path: string): CheckCounts | undefined {
    return this.#memos.get(path)?.counts;
  }

  /** Files analysed so far whose analysis read `path` or looked for it. */
  dependents(path: string): readonly string[] {
    const found: string[] = [];
    for (const [other, analysis] of this.#analyses)
      if (other !== path && analysis.dependencies.has(path)) found.push(other);
    return found;
  }

  /** Every path that an analysis read so far or looked for. */
  dependencyPaths(): readonly string[] {
    return [...new Set([...this.#analyses.values()].flatMap(({ path, dependencies }) => [path, ...dependencies]))];
  }

  #sourceOf(path: string): SourceText {
    return this.#documents.get(path)?.source ?? this.#closed(path) ?? sourceText(path, "");
  }

  /** Samples and schemas are not kept: they can be large, and are read for their type alone. */
  #closed(path: string): SourceText | undefined {
    if (this.#sources.has(path)) return this.#sources.get(path);
    const text = this.#base.readFile(path);
    const source = text === undefined ? undefined : sourceText(path, text);
    if (path.endsWith(".flow")) this.#sources.set(path, source);
    return source;
  }

  /** Analyses of closed files, made for an answer about the whole workspace, are let go when they are many. */
  #forgetSome(): void {
    if (this.#analyses.size < mostAnalyses) return;
    for (const path of this.#analyses.keys()) if (!this.#documents.has(path)) this.#analyses.delete(path);
  }

  #hostWith(path: string, text: string): Host {
    return {
      readFile: (asked) => (asked === path ? text : this.host.readFile(asked)),
      resolve: (from, written) => this.host.resolve(from, written),
    };
  }

  /** Closed files are checked now and then and whole: what is found in them is not remembered. */
  #memoOf(path: string): CheckMemo | undefined {
    if (!this.#documents.has(path)) return undefined;
    const memo = this.#memos.get(path) ?? new CheckMemo();
    this.#memos.set(path, memo);
    return memo;
  }

  readonly #sourceWith = (path: string, text: string): SourceText => {
    const known = this.#documents.get(path)?.source ?? this.#sources.get(path);
    return known?.text === text ? known : sourceText(path, text);
  };

  /** Trees of a text that is not the present one are made for whoever asks, and not kept. */
  readonly #parse = (source: SourceText): Parsed => {
    const { path, text } = source;
    const known = this.#trees.get(path);
    if (known && known.text === text) return known.parsed;
    if (text !== this.host.readFile(path)) return parse(source);
    const kept = known ? reparse(known, source) : parseKept(source);
    this.#trees.set(path, kept);
    return kept.parsed;
  };
}

function applyEdit(text: string, { start, end, newText }: TextEdit): string {
  const from = Math.max(0, Math.min(start, text.length));
  return text.slice(0, from) + newText + text.slice(Math.max(from, Math.min(end, text.length)));
}

interface AnalysedBy {
  readonly config: string | undefined;
  readonly parseFlow: (source: SourceText) => Parsed;
  readonly sourceOf: (path: string, text: string) => SourceText;
  readonly memo: CheckMemo | undefined;
}

class FileAnalysis implements Analysis {
  readonly path: string;
  readonly source: SourceText;
  /** Grows while the file is checked. */
  readonly dependencies = new Set<string>();
  readonly #host: Host;
  readonly #by: AnalysedBy;
  #checked: Checked | undefined;
  #own: readonly Diagnostic[] | undefined;

  constructor(path: string, source: SourceText, host: Host, by: AnalysedBy) {
    this.path = path;
    this.source = source;
    this.#by = by;
    this.#host = {
      readFile: (asked) => {
        this.dependencies.add(asked);
        return host.readFile(asked);
      },
      resolve: (from, written) => host.resolve(from, written),
    };
  }

  get tree(): SourceFile {
    return this.#by.parseFlow(this.source).file;
  }

  get model(): Model {
    return this.#check().model;
  }

  get sources(): ReadonlyMap<string, SourceText> {
    return this.#check().sources;
  }

  get allDiagnostics(): readonly Diagnostic[] {
    return this.#check().diagnostics;
  }

  get diagnostics(): readonly Diagnostic[] {
    this.#own ??= this.allDiagnostics.filter(({ at }) => at.file === this.path);
    return this.#own;
  }

  #check(): Checked {
    const { config, memo, parseFlow, sourceOf } = this.#by;
    this.#checked ??= check(this.path, this.#host, {
      paramsLater: true,
      later: deploymentDiagnostics,
      parseFlow,
      sourceOf,
      ...(memo ? { memory: memo.recall() } : {}),
      ...(config === undefined ? {} : { config }),
    });
    return this.#checked;
  }
}
