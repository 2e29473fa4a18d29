import { formatProblem, ProblemError } from "@breakwater/runtime/problems";
import { z } from "zod";
import { type Answers, answersSchema } from "./answers.ts";
import { type AnswerKind, QUESTIONS, type Question } from "./questions.ts";
import { checkAnswers } from "./read.ts";

/** Where the interview happens. */
export interface Conversation {
  /** Shows a prompt and waits for a line. @throws where the person stops */
  readonly ask: (prompt: string) => Promise<string>;
  readonly say: (line: string) => void;
}

type Given = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Asks every question, each until its answer is one that it can have, and all of them again while they do not go
 * together; what was answered before is then what Enter takes.
 */
export async function interview(conversation: Conversation): Promise<Answers> {
  let given: Given = {};
  for (;;) {
    given = await round(conversation, given);
    try {
      return checkAnswers(given);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      for (const problem of error.problems) conversation.say(formatProblem(problem));
      conversation.say("Once more; Enter keeps what you answered, and none is an empty list.");
    }
  }
}

async function round({ ask, say }: Conversation, before: Given): Promise<Given> {
  const given: Record<string, Record<string, unknown>> = {};
  for (const original of QUESTIONS) {
    const { section, key } = original;
    const question = { ...original, suggested: suggestionOf(original, before[section]?.[key]) };
    const schema = schemaOf(question);
    for (;;) {
      const line = (await ask(promptOf(question))).trim();
      const parsed = schema.safeParse(typedValue(question.kind, line === "" ? question.suggested : line));
      if (parsed.success) {
        given[section] = { ...given[section], [key]: parsed.data };
        break;
      }
      say(`  ${parsed.error.issues[0]?.message ?? "that is no answer"}`);
    }
  }
  return given;
}

function suggestionOf({ suggested }: Question, before: unknown): string {
  if (before === undefined) return suggested;
  if (typeof before === "boolean") return before ? "yes" : "no";
  return Array.isArray(before) ? before.join(", ") : String(before);
}

/** `Whose models? (own | domestic | any | stand-in) [own] `. */
export function promptOf(question: Question): string {
  const choices = choicesOf(question);
  const shown = choices.length === 0 ? "" : ` (${choices.join(question.kind === "list" ? ", " : " | ")})`;
  return `${question.asks}${shown} [${question.suggested === "" ? "none" : question.suggested}] `;
}

/** What can be answered, where that is a list. */
export function choicesOf(question: Question): readonly string[] {
  if (question.kind === "yes-no") return ["yes", "no"];
  const schema = z.toJSONSchema(schemaOf(question), { io: "input" }) as {
    enum?: string[];
    items?: { enum?: string[] };
  };
  return schema.enum ?? schema.items?.enum ?? [];
}

/** The schema of one answer, out of the schema of all. */
export function schemaOf({ section, key }: Question): z.ZodType {
  const part: unknown = answersSchema.shape[section];
  const object = (part instanceof z.ZodPrefault ? part.def.innerType : part) as z.ZodObject<Record<string, z.ZodType>>;
  const schema = object.shape[key];
  if (schema === undefined) throw new Error(`no question ${section}.${key}`);
  return schema;
}

function typedValue(kind: AnswerKind, line: string): unknown {
  if (kind === "number") return Number(line.replaceAll(/[\s_,]/g, ""));
  if (kind === "yes-no") return /^y(es)?$/i.test(line) ? true : /^no?$/i.test(line) ? false : line;
  if (kind !== "list") return line;
  return line === "none" ? [] : line.split(/[\s,]+/).filter((item) => item !== "");
}
