import { expect, test } from "vitest";
import { hasSysResource, withoutOomRefusal } from "../../../../tools/go/prepare.ts";

const refusal = '\t\treturn shim.BootstrapParams{}, fmt.Errorf("failed to set OOM Score on shim: %w", err)\n';

test("the shim's refusal becomes a remark that is printed only when debugging", () => {
  const source = `func a() {\n${refusal}}\n`;
  expect(withoutOomRefusal(source)).toBe(
    'func a() {\n\t\tlog.G(ctx).Debugf("failed to set OOM Score on shim: %v", err)\n}\n',
  );
});

test("a shim without the refusal is not built", () => {
  expect(() => withoutOomRefusal("func a() {}\n")).toThrow("[go/patch]");
});

test("a shim with two such refusals is not built", () => {
  expect(() => withoutOomRefusal(refusal + refusal)).toThrow("got 2 places");
});

test("CAP_SYS_RESOURCE is bit 24 of the effective set", () => {
  expect(hasSysResource("CapEff:\t000001ffffffffff\n")).toBe(true);
  expect(hasSysResource("CapPrm:\t000001ffffffffff\nCapEff:\t000001fffeffffff\n")).toBe(false);
  expect(hasSysResource("")).toBe(false);
});
