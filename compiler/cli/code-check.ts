/** The `code` of steps, checked against the types of the stream by TypeScript where that is installed; where it is not, nothing is said. */
import { dirname, resolve } from "node:path";
import { type CodeModule, codeModules, placeInCode } from "../emit/typescript/code-modules.ts";
import { codeSteps, hasCode } from "../emit/typescript/code-steps.ts";
import { offsetInLiteral } from "../emit/typescript/source-offset.ts";
import type { Model } from "../semantics/model.ts";
import { type Diagnostic, diagnostic } from "../source/diagnostic.ts";
import type { Host } from "../source/host.ts";
import type { Location } from "../source/span.ts";
import { type Finding, typescriptFindings, typescriptFor } from "./typescript.ts";

export function codeDiagnostics(
  model: Model,
  host: Host,
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): readonly Diagnostic[] {
  if (!hasCode(model)) return [];
  const typescript = typescriptFor(dirname(resolve(cwd, model.path)));
  if (typescript === undefined) return [];
  const { modules, files } = codeModules(codeSteps(model), model.types);
  const findings = typescriptFindings(typescript, files, env) ?? [];
  return findings.flatMap((finding) => {
    const module = modules.find(({ path }) => path === finding.path);
    return module === undefined ? [] : [said(module, finding, host)];
  });
}

function said(module: CodeModule, finding: Finding, host: Host): Diagnostic {
  return diagnostic("FLOW3035", placeOf(module, finding, host), {
    name: module.step.node,
    message: messageOf(finding),
    code: finding.code,
  });
}

/** The word there; the whole source where that is no literal in the file. */
function placeOf(module: CodeModule, { line, column }: Finding, host: Host): Location {
  const { at, source } = module.step;
  const literal = host.readFile(at.file)?.slice(at.start, at.end) ?? "";
  const from = placeInCode(module, line, column);
  const word = /^[\w$]+/.exec(source.slice(from))?.[0].length ?? 1;
  const start = offsetInLiteral(literal, from);
  const end = offsetInLiteral(literal, from + word);
  if (start === undefined || end === undefined) return at;
  return { file: at.file, start: at.start + start, end: at.start + Math.max(end, start + 1) };
}

/** Of the whole function, which is written out: the details say what of it. */
const ofFunction = /is not assignable to type 'Step'\.$/;

function messageOf({ code, message, details }: Finding): string {
  // It would go on with which package might have the name, which helps nobody here.
  if (/^TS25(80|84|91|93)$/.test(code)) return message.replace(/^(.*?\.) .*$/, "$1");
  const last = details.length - 1;
  const why = details.filter((line, i) => i === last || (i === last - 1 && line.startsWith("Types of property")));
  const said = why.length > 0 && ofFunction.test(message) ? why : [message, ...why];
  return said.join(" ");
}
