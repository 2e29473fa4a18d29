import { ledger } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { appliesTo } from "../../../../cli/compliance/applies.ts";
import { byControl, controlsOf, mappedControl } from "../../../../cli/compliance/control-ids.ts";
import { DECLARATIONS } from "../../../../cli/compliance/declarations.ts";
import { titlesIn } from "../../../../cli/compliance/titles.ts";
import { CATALOGUE, FRAMEWORKS, type Framework } from "../../../../policies/catalogue.ts";
import { FACTS } from "../../../support/judge.ts";

describe("titles", () => {
  test.each(["zh", "ko"] as const)("every rule of the catalogue, and no other, has a title in %s", (language) => {
    expect(Object.keys(titlesIn(language))).toEqual(CATALOGUE.map(({ id }) => id));
  });

  test.each([
    ["zh", /\p{Script=Han}/u, /\p{Script=Hangul}/u],
    ["ko", /\p{Script=Hangul}/u, /\p{Script=Han}/u],
  ] as const)("a title in %s is in its own script", (language, own, other) => {
    for (const title of Object.values(titlesIn(language))) {
      expect(title).toMatch(own);
      expect(title).not.toMatch(other);
    }
  });
});

describe("conditions", () => {
  test("every condition of the catalogue is one that is decided", () => {
    for (const rule of CATALOGUE) expect(typeof appliesTo(rule, FACTS)).toBe("boolean");
  });

  test("a rule of a country holds there and where nobody says where it is, and not elsewhere", () => {
    const rule = CATALOGUE.find(({ applies }) => applies === "jurisdiction=kr");
    if (rule === undefined) throw new Error("no rule of Korea");
    const at = (jurisdiction: string) => appliesTo(rule, { ...FACTS, jurisdiction });
    expect([at("kr"), at(""), at("de")]).toEqual([true, true, false]);
  });

  test("of two conditions both must hold", () => {
    const rule = CATALOGUE.find(({ applies }) => applies === "region=china & exposure=public");
    if (rule === undefined) throw new Error("no such rule");
    const at = (exposure: "public" | "internal") => appliesTo(rule, { ...FACTS, jurisdiction: "cn", exposure });
    expect([at("public"), at("internal")]).toEqual([true, false]);
  });

  test("an unknown condition is an error, not a pass", () => {
    const [rule] = CATALOGUE;
    if (rule === undefined) throw new Error("empty catalogue");
    expect(() => appliesTo({ ...rule, applies: "moon=full" }, FACTS)).toThrow("moon=full");
  });
});

describe("declarations", () => {
  const patterns = new Set(ledger().map(({ path }) => path));

  test("each is of a rule that only a declaration answers", () => {
    const declared = CATALOGUE.filter(({ decides }) => decides === "declared").map(({ id }) => id);
    expect(declared).toEqual(expect.arrayContaining(Object.keys(DECLARATIONS)));
  });

  test.each(Object.entries(DECLARATIONS))("the settings that speak for %s exist", (_, { settings }) => {
    for (const pattern of settings) expect(patterns).toContain(pattern);
  });
});

describe("controls", () => {
  const mapped = (framework: Framework) =>
    CATALOGUE.flatMap(({ controls }) => controls[framework] ?? []).map((id) => mappedControl(id).control);

  test.each(["iso27001", "soc2", "mlps3"] as const)(
    "every control of %s that a rule names is one of its list",
    (id) => {
      expect(controlsOf(id)).toEqual(expect.arrayContaining(mapped(id)));
    },
  );

  test("the lists are as long as the standards say", () => {
    const length = (id: Framework) => controlsOf(id)?.length;
    expect([length("iso27001"), length("soc2"), length("mlps3"), length("gdpr")]).toEqual([93, 61, 87, undefined]);
  });

  test("no reference keeps its word of confidence", () => {
    for (const framework of Object.keys(FRAMEWORKS) as Framework[]) {
      for (const control of mapped(framework)) expect(control).not.toMatch(/\((low|medium|high)\)/);
    }
    expect(mappedControl("Art. 32(1)(b) (low)")).toEqual({ control: "Art. 32(1)(b)", confidence: "low" });
    expect(mappedControl("Art. 32(1)(b)")).toEqual({ control: "Art. 32(1)(b)", confidence: "high" });
  });

  test("they are in the order in which people count", () => {
    expect(["A.8.10", "A.8.9", "A.5.1"].sort(byControl)).toEqual(["A.5.1", "A.8.9", "A.8.10"]);
  });
});
