import { createInterface } from "node:readline/promises";
import { ProblemError } from "@breakwater/runtime/problems";
import { assessProblem } from "./codes.ts";
import type { Conversation } from "./interview.ts";

/**
 * A conversation on standard input and standard error; standard output is for the result. Lines that come before they
 * are asked for wait, so that answers can be piped in.
 */
export function terminalConversation(
  input: NodeJS.ReadableStream = process.stdin,
  output: NodeJS.WritableStream = process.stderr,
): Conversation & { readonly close: () => void } {
  const reader = createInterface({ input, output });
  const lines: string[] = [];
  let ended = false;
  let waiting: { readonly resolve: (line: string) => void; readonly reject: (error: Error) => void } | undefined;
  reader.on("line", (line) => {
    if (waiting === undefined) lines.push(line);
    else waiting.resolve(line);
    waiting = undefined;
  });
  // Ctrl-C and Ctrl-D both end here: readline closes itself, and nobody else is waiting.
  reader.on("SIGINT", () => reader.close());
  reader.on("close", () => {
    ended = true;
    waiting?.reject(stopped());
  });
  return {
    ask: (prompt) => {
      const line = lines.shift();
      if (line !== undefined) return Promise.resolve(line);
      if (ended) return Promise.reject(stopped());
      reader.setPrompt(prompt);
      reader.prompt();
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    say: (line) => void output.write(`${line}\n`),
    close: () => reader.close(),
  };
}

function stopped(): ProblemError {
  return new ProblemError([
    assessProblem("assess/stopped", "answers", {
      got: "an end before the last question",
      expected: "an answer to every question",
      remedy: "start again, or write the answers into a file: --answers FILE; nothing was written",
    }),
  ]);
}
