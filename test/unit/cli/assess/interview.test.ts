import { PassThrough } from "node:stream";
import { ProblemError } from "@breakwater/runtime/problems";
import { expect, test } from "vitest";
import { answersSchema } from "../../../../cli/assess/answers.ts";
import { choicesOf, interview, promptOf } from "../../../../cli/assess/interview.ts";
import { QUESTIONS } from "../../../../cli/assess/questions.ts";
import { terminalConversation } from "../../../../cli/assess/terminal-conversation.ts";

/** Answers by the start of a question; every other is the suggestion. */
function scripted(answers: Readonly<Record<string, readonly string[]>>) {
  const left = new Map(Object.entries(answers).map(([start, lines]) => [start, [...lines]]));
  const said: string[] = [];
  const ask = async (prompt: string) => [...left].find(([start]) => prompt.startsWith(start))?.[1].shift() ?? "";
  return { said, ask, say: (line: string) => void said.push(line) };
}

test("the suggestions go together", async () => {
  const answers = await interview(scripted({}));
  expect(answers.security).toMatchObject({ data_may_leave: false, models: "own" });
  expect(answers.scale.departments).toEqual(["marketing", "engineering", "customer-service"]);
});

test("answers that do not go together are said and asked again, and Enter keeps the others", async () => {
  const conversation = scripted({ "How many people": ["7"], "Whose models": ["any", "own"] });
  const answers = await interview(conversation);
  expect(answers).toMatchObject({ scale: { people: 7 }, security: { models: "own" } });
  expect(conversation.said.join("\n")).toContain("[assess/data-may-not-leave] security.models");
});

test("an answer that a question cannot have is asked again", async () => {
  const conversation = scripted({ "How many people": ["many", "0", "20"], Voice: ["perhaps", "yes"] });
  const answers = await interview(conversation);
  expect(answers).toMatchObject({ scale: { people: 20 }, functions: { voice: true } });
  expect(conversation.said).toHaveLength(3);
});

test("a question shows its choices and what Enter takes", () => {
  const models = QUESTIONS.find(({ key }) => key === "models");
  if (models === undefined) throw new Error("no such question");
  expect(promptOf(models)).toBe("Whose models? (own | domestic | any | stand-in) [own] ");
  const standards = QUESTIONS.find(({ key }) => key === "standards");
  expect(standards && choicesOf(standards)).toEqual(["iso27001", "soc2", "gdpr", "pipa", "mlps3"]);
});

test("every answer of the schema is asked for once", () => {
  const asked = QUESTIONS.map(({ section, key }) => `${section}.${key}`);
  const parsed = answersSchema.parse({
    place: { name: "ab", country: "kr", infrastructure: "dgx" },
    scale: { people: 1, agents: 1, monthly_model_usd: 0, tenant_isolation: false },
    security: { data_may_leave: false, models: "own", standards: [], full_audit: false },
  });
  const known = Object.entries(parsed).flatMap(([section, part]) =>
    Object.keys(part).map((key) => `${section}.${key}`),
  );
  expect(asked.toSorted()).toEqual(known.toSorted());
});

test("answers that are piped in before they are asked for are taken in their order", async () => {
  const input = new PassThrough();
  const conversation = terminalConversation(input, new PassThrough());
  input.write("one\ntwo\n");
  expect([await conversation.ask("1? "), await conversation.ask("2? ")]).toEqual(["one", "two"]);
  conversation.close();
});

test("an end before the last question stops the interview with a problem, and not with silence", async () => {
  const input = new PassThrough();
  const conversation = terminalConversation(input, new PassThrough());
  const running = interview(conversation);
  input.end("a-name\n");
  const error = await running.catch((reason: unknown) => reason);
  expect(error instanceof ProblemError && error.problems.map(({ code }) => code)).toEqual(["assess/stopped"]);
});
