import { parseSettings } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { documentOf } from "../../../../cli/compliance/document.ts";
import { renderHtml } from "../../../../cli/compliance/render-html.ts";
import { renderMarkdown } from "../../../../cli/compliance/render-markdown.ts";
import { type ComplianceReport, reportOf } from "../../../../cli/compliance/report.ts";
import { LANGUAGES } from "../../../../cli/compliance/words/words.ts";
import { CATALOGUE, FRAMEWORKS, type Framework } from "../../../../policies/catalogue.ts";
import { evaluate, type RawResource } from "../../../../policies/evaluate.ts";
import type { Exception } from "../../../../policies/exceptions.ts";
import type { PlanRule } from "../../../../policies/rule.ts";
import { FACTS, planned } from "../../../support/judge.ts";
import { localSections } from "../../../support/plan.ts";

const DAY = "2026-11-24";

/** A rule of that id about things that may be bad. */
const rule = (id: string): PlanRule => ({
  id,
  on: {
    "test:index:Thing": function* ({ bad }) {
      if (bad === true) yield "it is bad";
    },
  },
});

/** Both map to A.8.20; NET-004 to nothing else of ISO 27001. */
const RULES = [rule("NET-004"), rule("NET-015")];

interface Given {
  readonly resources?: readonly RawResource[];
  readonly rules?: readonly PlanRule[];
  readonly exceptions?: readonly Exception[];
  readonly framework?: Framework;
  readonly change?: (sections: Record<string, unknown>) => void;
}

function report({
  resources = [planned("test:index:Thing", {})],
  rules = RULES,
  exceptions = [],
  framework = "iso27001",
  change,
}: Given = {}): ComplianceReport {
  const sections = localSections();
  change?.(sections);
  const { settings } = parseSettings(sections);
  const results = evaluate(resources, { facts: FACTS, rules, exceptions, today: DAY });
  return reportOf({ facts: FACTS, settings, results, resources: resources.length, framework, day: DAY });
}

const standingOf = (given: ComplianceReport, id: string) => given.rules.find((each) => each.id === id)?.standing;
const verdictOn = (given: ComplianceReport, id: string) => given.controls.find((each) => each.id === id)?.verdict;

describe("a rule", () => {
  test("that was seen to hold passed, and names the resources that it looked at", () => {
    const found = report().rules.find(({ id }) => id === "NET-004");
    expect(found).toMatchObject({ standing: "passed", subjects: ["urn:pulumi:t::p::test:index:Thing::it"] });
  });

  test("that a plan could decide and nobody wrote is not written, and makes no control met", () => {
    expect(standingOf(report(), "NET-003")).toBe("not written");
    expect(verdictOn(report(), "A.8.20")).toBe("undecided");
  });

  test("that only the running system can tell is said to be so", () => {
    expect(standingOf(report(), "NET-018")).toBe("running");
  });

  test("that the settings speak for is declared with the setting, its value and what enforces it", () => {
    const found = report().rules.find(({ id }) => id === "LLM-008");
    expect(found).toMatchObject({
      standing: "declared",
      settings: [{ path: "audit.include_content", value: false, state: "enforced" }],
    });
  });

  test("that the settings speak against is not declared", () => {
    const found = report({
      change: (sections) => {
        sections["audit"] = { include_content: true };
      },
    });
    expect(standingOf(found, "LLM-008")).toBe("procedure");
  });

  test("that asks more than settings can say is procedure, with what they say", () => {
    const found = report().rules.find(({ id }) => id === "CN-006" || id === "SUP-006");
    expect(found).toMatchObject({ standing: "procedure" });
    expect(found?.settings.length).toBeGreaterThan(0);
  });

  test("that no setting speaks for is procedure", () => {
    expect(standingOf(report(), "SUP-005")).toBe("procedure");
  });

  test("of another country does not apply", () => {
    expect(standingOf(report(), "CN-001")).toBe("does not apply");
  });
});

describe("a control", () => {
  const bad = [planned("test:index:Thing", { bad: true })];

  test("with a violated rule is violated, and the finding names resource and problem", () => {
    const found = report({ resources: bad });
    expect(verdictOn(found, "A.8.20")).toBe("violated");
    expect(found.rules.find(({ id }) => id === "NET-004")?.findings).toMatchObject([{ problem: "it is bad" }]);
  });

  test("whose violations all have exceptions is excepted, and the exception is shown with owner and day", () => {
    const exceptions = ["NET-004", "NET-015"].map((id) => ({
      ...{ rule: id, owner: "ops@acme.example", reason: "until the move is over", expires: "2026-12-31" },
    }));
    const found = report({ resources: bad, exceptions });
    expect(verdictOn(found, "A.8.20")).toBe("excepted");
    const text = renderMarkdown(documentOf(found, "en"));
    expect(text).toContain("exception of ops@acme.example until 2026-12-31: until the move is over");
  });

  test("that no rule maps to is listed as not covered where the framework's list is known", () => {
    expect(verdictOn(report(), "A.6.3")).toBe("not covered");
    expect(renderMarkdown(documentOf(report(), "en"))).toMatch(/## Controls that no rule is about\n\n.*A\.6\.3/);
  });

  test("a framework without a list says that what is not listed is not covered", () => {
    expect(renderMarkdown(documentOf(report({ framework: "gdpr" }), "en"))).toContain("no complete list");
  });

  test.each(Object.keys(FRAMEWORKS) as Framework[])(
    "each of %s is counted once, and each rule of it is there",
    (id) => {
      const { summary, controls, rules } = report({ framework: id });
      expect(Object.values(summary).reduce((sum, count) => sum + count, 0)).toBe(controls.length);
      expect(new Set(controls.map((control) => control.id)).size).toBe(controls.length);
      const mapped = CATALOGUE.filter(({ controls: of }) => of[id] !== undefined).map((each) => each.id);
      expect(rules.map((each) => each.id)).toEqual(mapped);
    },
  );
});

describe("in words", () => {
  const odd = planned("test:index:Thing", { bad: true }, "<script>alert(1)</script>|*x*");

  test.each(LANGUAGES)("a report in %s says everything and leaves nothing to be put in", (language) => {
    const document = documentOf(report(), language);
    const texts = [renderMarkdown(document), renderHtml(document)];
    for (const text of texts) {
      expect(text).toContain(document.words.notes[0]);
      expect(text).toContain("NET-004");
      expect(text.replace(/<style>.*<\/style>/s, "")).not.toMatch(/\{[a-z]+\}|undefined/);
    }
  });

  test("languages differ in words alone: ids, verdicts and findings are the same", () => {
    const [en, zh] = (["en", "zh"] as const).map((language) => documentOf(report({ resources: [odd] }), language));
    expect(zh?.controls.map(({ id, verdict }) => [id, verdict])).toEqual(
      en?.controls.map(({ id, verdict }) => [id, verdict]),
    );
    expect(zh?.title).not.toBe(en?.title);
    expect(zh?.rules[0]?.title).not.toBe(en?.rules[0]?.title);
  });

  test.each([
    ["zh", "机器翻译"],
    ["ko", "기계 번역"],
  ] as const)("a report in %s says that a machine translated it", (language, words) => {
    expect(renderMarkdown(documentOf(report(), language))).toContain(words);
  });

  test("no name of a resource is taken for markup", () => {
    const document = documentOf(report({ resources: [odd] }), "en");
    expect(renderHtml(document)).toContain("&lt;script&gt;alert(1)");
    expect(renderHtml(document)).not.toContain("<script");
    expect(renderMarkdown(document)).not.toMatch(/(?<!\\)<script/);
  });

  test("the page needs nothing from elsewhere, and forbids itself to ask", () => {
    const html = renderHtml(documentOf(report(), "ko"));
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('<html lang="ko">');
    expect(html).not.toMatch(/<(?:script|img|link|iframe)| src=|@import|url\(/);
    expect(html).not.toMatch(/(?:href|content|style)="[^"]*https?:/);
  });

  test("every rule that a control rests on can be followed to what decided it", () => {
    const html = renderHtml(documentOf(report(), "en"));
    const targets = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(targets).toContain(id);
  });
});
