/** What is wrong with a line, by the published JSON Schemas. */
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
const compiled = (name: string) =>
  ajv.compile(JSON.parse(readFileSync(`docs/reference/${name}.schema.json`, "utf8")) as object);
const isInput = compiled("user-code-input");
const isAnswer = compiled("user-code-answer");

const problems = (validate: typeof isInput, line: string): readonly string[] =>
  validate(JSON.parse(line)) ? [] : [`${line}: ${ajv.errorsText(validate.errors)}`];

export const inputProblems = (line: string): readonly string[] => problems(isInput, line);
export const answerProblems = (line: string): readonly string[] => problems(isAnswer, line);
