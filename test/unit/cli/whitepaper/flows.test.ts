import { expect, test } from "vitest";
import { drawFlows, requestFlows } from "../../../../cli/whitepaper/diagram.ts";
import { flowsOf } from "../../../../cli/whitepaper/flows.ts";
import type { PlannedResource } from "../../../support/plan.ts";
import { shippedPlan } from "./shipped.ts";

function policy(namespace: string, component: string, spec: object): PlannedResource {
  const type = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
  const inputs = {
    metadata: { name: component, namespace },
    spec: { podSelector: { matchLabels: { "app.kubernetes.io/component": component } }, ...spec },
  };
  const urn = `urn:pulumi:s::p::${type}::${namespace}-${component}`;
  return { urn, type, name: component, parent: "", custom: true, inputs, dependencies: [], protected: false };
}

const pods = (namespace: string, component: string) => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
  podSelector: { matchLabels: { "app.kubernetes.io/component": component } },
});

test("the way of a request is drawn from the plan: front door, cell, router, sandbox, and nothing between tenants", async () => {
  const { resources } = await shippedPlan("local");
  const open = flowsOf(resources).flows.filter(({ said }) => said === "both");
  expect(open.map(({ from, to, ports }) => `${from} > ${to} ${ports.join()}`)).toEqual(
    expect.arrayContaining([
      "breakwater/front-door > tenant/cell TCP 18789",
      "tenant/cell > breakwater/router TCP 8080",
      "tenant/cell > tenant/sandbox TCP 2222",
    ]),
  );
  expect(open.filter(({ from }) => from === "tenant/sandbox")).toEqual([]);
  expect(open.filter(({ from, to }) => from === "breakwater/front-door" && to === "tenant/sandbox")).toEqual([]);
});

test("a permission that one end alone gives is said as that", () => {
  const plan = [policy("breakwater", "a", { egress: [{ to: [pods("breakwater", "b")], ports: [{ port: 1 }] }] })];
  expect(flowsOf(plan).flows).toMatchObject([
    { from: "breakwater/a", to: "breakwater/b", ports: ["TCP 1"], said: "sender" },
  ]);
});

test("a policy that names another tenant is not drawn as a tenant's own", () => {
  const plan = [policy("tenant-x", "cell", { egress: [{ to: [pods("tenant-y", "cell")] }] })];
  expect(flowsOf(plan).flows).toMatchObject([{ from: "tenant/cell", to: "tenant-y/cell" }]);
});

test("a rule without peers lets in everybody, and the internet is called that", () => {
  const plan = [
    policy("breakwater", "a", {
      ingress: [{}],
      egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }] }],
    }),
  ];
  expect(flowsOf(plan).flows.map(({ from, to }) => `${from} > ${to}`)).toEqual([
    "/everybody > breakwater/a",
    "breakwater/a > /internet",
  ]);
});

test("the picture has each party of the way of a request once, and no name can become markup", async () => {
  const { resources } = await shippedPlan("local");
  const shown = requestFlows(flowsOf(resources));
  const svg = String(drawFlows(shown, "flow <of> data"));
  expect(svg.match(/<rect /g)).toHaveLength(shown.parties.length);
  const pairs = new Set(shown.flows.map(({ from, to, said }) => `${from} ${to} ${said}`));
  expect(svg.match(/class="flow /g)).toHaveLength(pairs.size);
  expect(svg).toContain("flow &lt;of&gt; data");
  expect(String(drawFlows(requestFlows(flowsOf([...resources].reverse())), "flow <of> data"))).toBe(svg);
});

test("parties who talk in a circle are drawn all the same", () => {
  const plan = [
    policy("breakwater", "a", { egress: [{ to: [pods("breakwater", "b")] }] }),
    policy("breakwater", "b", { egress: [{ to: [pods("breakwater", "a")] }] }),
  ];
  expect(String(drawFlows(flowsOf(plan), "t")).match(/<rect /g)).toHaveLength(2);
});

test("no arrow crosses a box, and arrows to different parties share no piece of a lane", async () => {
  const { resources } = await shippedPlan("acme-dgx");
  const svg = String(drawFlows(requestFlows(flowsOf(resources)), "t"));
  const boxes = [...svg.matchAll(/<rect x="(\d+)" y="\d+" width="(\d+)"/g)];
  const edge = Math.max(...boxes.map(([, x, width]) => Number(x) + Number(width)));
  const ways = [...svg.matchAll(/d="M(\d+) ([\d.]+)H(\d+)V([\d.]+)H(\d+)"/g)].map((found) =>
    found.slice(1).map(Number),
  );
  expect(ways.length).toBeGreaterThan(0);
  const taken = new Map<string, number>();
  for (const [out, start = 0, lane = 0, end = 0, back] of ways) {
    expect([out, back]).toEqual([edge, edge]);
    expect(lane).toBeGreaterThan(edge);
    for (let y = Math.min(start, end); y <= Math.max(start, end); y += 1) {
      expect(taken.get(`${lane} ${y}`) ?? end).toBe(end);
      taken.set(`${lane} ${y}`, end);
    }
  }
});
