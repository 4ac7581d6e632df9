/**
 * Open documents over a host. The analysis of a file is made when it is first asked for, and kept until the text of a
 * file that it read changes: an edit re-checks only what depends on it. Trees are kept by text, so that a file which
 * many import is parsed once.
 */
import { deploymentDiagnostics } from "../emit/deployment.ts";
import { type Checked, type CheckOptions, check } from "../semantics/check.ts";
import type { Model } from "../semantics/model.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Host } from "../source/host.ts";
import { type SourceText, sourceText } from "../source/source-text.ts";
import type { Span } from "../source/span.ts";
import type { SourceFile } from "../syntax/ast.ts";
import { type Parsed, parse } from "../syntax/parse.ts";

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
  /** By path; valid while the text is the same. */
  readonly #trees = new Map<string, { readonly text: string; readonly parsed: Parsed }>();
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
    if (this.#base.readFile(path) !== document.source.text) this.changed(path);
  }

  /** The text of a file has changed, was made or is gone: whoever read it, or looked for it, is analysed anew. */
  changed(path: string): void {
    this.#revision++;
    this.#sources.delete(path);
    this.#trees.delete(path);
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

  /** Open files and those of the workspace that may be closed, each once. */
  allPaths(): readonly string[] {
    return [...new Set([...this.#documents.keys(), ...(this.#options.files?.() ?? [])])];
  }

  file(path: string): Analysis {
    let analysis = this.#analyses.get(path);
    if (!analysis) {
      this.#forgetSome();
      analysis = new FileAnalysis(path, this.#sourceOf(path), this.host, this.#options.config, this.#parse);
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
    const host: Host = {
      readFile: (asked) => (asked === path ? text : this.host.readFile(asked)),
      resolve: (from, written) => this.host.resolve(from, written),
    };
    const parseFlow = (source: SourceText): Parsed => (source.path === path ? parse(source) : this.#parse(source));
    return check(path, host, { paramsLater: true, parseFlow, watch });
  }

  /** Files analysed so far whose analysis read `path` or looked for it. */
  dependents(path: string): readonly string[] {
    const found: string[] = [];
    for (const [other, analysis] of this.#analyses)
      if (other !== path && analysis.dependencies.has(path)) found.push(other);
    return found;
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

  readonly #parse = (source: SourceText): Parsed => {
    const known = this.#trees.get(source.path);
    if (known && known.text === source.text) return known.parsed;
    const parsed = parse(source);
    this.#trees.set(source.path, { text: source.text, parsed });
    return parsed;
  };
}

function applyEdit(text: string, { start, end, newText }: TextEdit): string {
  const from = Math.max(0, Math.min(start, text.length));
  return text.slice(0, from) + newText + text.slice(Math.max(from, Math.min(end, text.length)));
}

class FileAnalysis implements Analysis {
  readonly path: string;
  readonly source: SourceText;
  /** Grows while the file is checked. */
  readonly dependencies = new Set<string>();
  readonly #host: Host;
  readonly #config: string | undefined;
  readonly #parse: (source: SourceText) => Parsed;
  #checked: Checked | undefined;
  #own: readonly Diagnostic[] | undefined;

  constructor(
    path: string,
    source: SourceText,
    host: Host,
    config: string | undefined,
    parseFlow: (source: SourceText) => Parsed,
  ) {
    this.path = path;
    this.source = source;
    this.#config = config;
    this.#parse = parseFlow;
    this.#host = {
      readFile: (asked) => {
        this.dependencies.add(asked);
        return host.readFile(asked);
      },
      resolve: (from, written) => host.resolve(from, written),
    };
  }

  get tree(): SourceFile {
    return this.#parse(this.source).file;
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
    this.#checked ??= check(this.path, this.#host, {
      paramsLater: true,
      later: deploymentDiagnostics,
      parseFlow: this.#parse,
      ...(this.#config === undefined ? {} : { config: this.#config }),
    });
    return this.#checked;
  }
}
