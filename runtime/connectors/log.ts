/** The worker's log, standard error: one event a line, with a label before it. */
import type { Connector, MessageSink, OpenContext } from "../engine/connector.ts";
import { messageOf, RuntimeError } from "../engine/runtime-error.ts";
import { refuseBinaryMode } from "./refuse-binary-mode.ts";

export const log: Connector = { type: "log", openSink: openLogSink };

function openLogSink(context: OpenContext): MessageSink {
  refuseBinaryMode(context, "The log");
  const label = String(context.options.label ?? context.node);
  const decoder = new TextDecoder();
  return {
    kind: "messages",
    send: (batch) =>
      writeStderr(batch.map((message) => `${label}: ${oneLine(decoder.decode(message.bytes))}\n`).join(""), context),
    flush: () => {},
    commit: () => {},
    abort: () => {},
  };
}

/** Terminals obey control characters, and a line must stay one line; JSON has none, but formats such as `text` may. */
function oneLine(text: string): string {
  return text.replace(controlCharacters, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const controlCharacters = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;

function writeStderr(text: string, context: OpenContext): Promise<undefined> {
  return new Promise((resolve, reject) => {
    process.stderr.write(text, (error) => {
      if (!error) return resolve(undefined);
      reject(
        new RuntimeError("sink-unavailable", `'${context.node}' cannot write to standard error: ${messageOf(error)}.`, {
          cause: error,
        }),
      );
    });
  });
}
