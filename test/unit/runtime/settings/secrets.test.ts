import {
  collectSecretRefs,
  formatSecretRef,
  ledger,
  mergeSections,
  parseSections,
  parseSettings,
} from "@breakwater/runtime/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { localWith, placeholder, problemsOf, refusals, sourceFiles } from "./sample.ts";

function provider(api_key: unknown): unknown {
  return localWith("model_providers.openai", { kind: "openai", api_key });
}
const keyPath = "model_providers.openai.api_key";

describe("a secret", () => {
  test("is given by name and becomes a reference", () => {
    const { settings } = parseSettings(provider(placeholder("OPENAI_API_KEY")));
    expect(settings.model_providers["openai"]).toEqual({
      kind: "openai",
      api_key: { secret: "OPENAI_API_KEY" },
    });
  });

  test("written as a value is refused as settings/plain-secret and never quoted", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 60 }), (value) => {
        fc.pre(!value.startsWith("$\u007b"));
        const problems = problemsOf(() => parseSettings(provider(value)));
        expect(problems.map(({ code, path }) => `${code} ${path}`)).toContain(`settings/plain-secret ${keyPath}`);
        expect(JSON.stringify(problems)).not.toContain(JSON.stringify(value).slice(1, -1));
      }),
    );
  });

  test.each([
    placeholder(""),
    placeholder("lower"),
    placeholder("A B"),
    `${placeholder("A")}B`,
    "$" + "{A",
    placeholder("1A"),
  ])("named by %s is refused as settings/malformed-placeholder", (text) => {
    expect(refusals(provider(text))).toEqual([`settings/malformed-placeholder ${keyPath}`]);
  });

  test("of another type is refused without being shown", () => {
    const [problem] = problemsOf(() => parseSettings(provider({ value: "hunter2-hunter2" })));
    expect(problem).toMatchObject({ code: "settings/wrong-type", path: keyPath, got: "an object (not shown)" });
  });

  test("inside an address is refused without being shown", () => {
    const raw = localWith("model_providers.openai", {
      kind: "openai-compatible",
      base_url: "https://me:hunter2@x.com/v1",
      jurisdiction: "us",
      internal: false,
    });
    const problems = problemsOf(() => parseSettings(raw));
    expect(problems.map(({ code }) => code)).toEqual(["settings/plain-secret"]);
    expect(JSON.stringify(problems)).not.toContain("hunter2");
  });

  test("that stands where none belongs is not quoted when it looks like a key", () => {
    const problems = problemsOf(() => parseSettings(localWith("deployment.size", "sk-proj-abcdef")));
    expect(JSON.stringify(problems)).not.toContain("abcdef");
  });
});

test("the token of an audit destination is given by name, and a literal is refused without being shown", () => {
  const destination = (token: string) => ({ kind: "splunk", name: "siem", url: "https://splunk.example.com", token });
  const { settings } = parseSettings(localWith("audit", { exports: [destination(placeholder("SPLUNK_TOKEN"))] }));
  expect(settings.audit.exports).toEqual([
    { kind: "splunk", name: "siem", token: { secret: "SPLUNK_TOKEN" }, url: "https://splunk.example.com" },
  ]);
  const problems = problemsOf(() => parseSettings(localWith("audit", { exports: [destination("hunter2-hunter2")] })));
  expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual(["settings/plain-secret audit.exports[0].token"]);
  expect(JSON.stringify(problems)).not.toContain("hunter2");
});

test("a placeholder where no secret belongs is refused as settings/misplaced-placeholder", () => {
  expect(refusals(localWith("multi_tenant.tenants.0.name", placeholder("NAME")))).toEqual([
    "settings/misplaced-placeholder multi_tenant.tenants[0].name",
  ]);
});

test("a screening pattern may look for the text of a placeholder", () => {
  const raw = localWith("enterprise.data_loss_prevention.rules.0.pattern", ["\\$", "{2}"].join(""));
  expect(parseSettings(raw).corrections).toEqual([]);
});

describe("the secrets of the source", () => {
  const { sections } = parseSections(mergeSections(sourceFiles));

  test("are all collected, with the places that use them", () => {
    expect(collectSecretRefs(sections)).toEqual([
      { name: "WECHAT_AES_KEY", paths: ["channels.wecom.encoding_aes_key"] },
      { name: "WECHAT_AGENT_ID", paths: ["channels.wecom.agent_id"] },
      { name: "WECHAT_CORP_ID", paths: ["channels.wecom.corp_id"] },
      { name: "WECHAT_SECRET", paths: ["channels.wecom.secret"] },
      { name: "WECHAT_TOKEN", paths: ["channels.wecom.token"] },
    ]);
  });

  test("appear in the ledger as references", () => {
    const row = ledger(sections).find(({ path }) => path === "channels.wecom.secret");
    expect(row?.value).toBe(placeholder("WECHAT_SECRET"));
    expect(formatSecretRef({ secret: "WECHAT_SECRET" })).toBe(placeholder("WECHAT_SECRET"));
  });
});
