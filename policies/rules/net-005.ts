import { z } from "zod";
import { isWorld } from "../net-addresses.ts";
import type { Problems, ResourceRule } from "../rule.ts";

/** SSH, etcd, RDP, PostgreSQL, Redis, API server, kubelet, the front door's own port without TLS. */
const PORTS = [22, 2379, 3389, 5432, 6379, 6443, 10_250, 18_789];

const PROTOCOLS_WITH_PORTS = ["-1", "all", "tcp", "udp", "6", "17"];

const awsRule = z.object({
  ipProtocol: z.string(),
  fromPort: z.number().optional(),
  toPort: z.number().optional(),
  cidrIpv4: z.string().optional(),
  cidrIpv6: z.string().optional(),
});
const inlineRule = z.object({
  protocol: z.string(),
  fromPort: z.number(),
  toPort: z.number(),
  cidrBlocks: z.array(z.string()).optional(),
  ipv6CidrBlocks: z.array(z.string()).optional(),
});
const awsGroupRule = inlineRule.extend({ type: z.string() });
const awsGroup = z.object({ ingress: z.array(inlineRule).optional() });
const remoteAccess = z.object({ ec2SshKey: z.unknown(), sourceSecurityGroupIds: z.array(z.unknown()).optional() });
const nodeGroup = z.object({ remoteAccess: remoteAccess.optional() });
const aliRule = z.object({
  type: z.string(),
  policy: z.string().optional(),
  ipProtocol: z.string(),
  portRange: z.string().optional(),
  cidrIp: z.string().optional(),
  ipv6CidrIp: z.string().optional(),
});
const tencentRule = z.object({
  action: z.string(),
  protocol: z.string().optional(),
  port: z.string().optional(),
  cidrBlock: z.string().optional(),
  ipv6CidrBlock: z.string().optional(),
});
const tencentRules = z.object({ ingresses: z.array(tencentRule).optional() });

interface Opening {
  readonly protocol: string;
  readonly sources: readonly (string | undefined)[];
  /** Ports from and to; all of them where it is empty. */
  readonly ranges: readonly (readonly [number, number])[];
}

/** A port that only machines of the platform use is found by those who scan the internet within minutes. */
export const net005: ResourceRule = {
  id: "NET-005",
  on: {
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (props) => {
      const { ipProtocol, fromPort, toPort, cidrIpv4, cidrIpv6 } = awsRule.parse(props);
      const ranges = ipProtocol === "-1" ? [] : range(fromPort, toPort);
      return opened({ protocol: ipProtocol, sources: [cidrIpv4, cidrIpv6], ranges });
    },
    "aws:ec2/securityGroup:SecurityGroup": function* (props) {
      for (const rule of awsGroup.parse(props).ingress ?? []) yield* inward(rule);
    },
    "aws:ec2/securityGroupRule:SecurityGroupRule": function* (props) {
      const rule = awsGroupRule.parse(props);
      if (rule.type === "ingress") yield* inward(rule);
    },
    "aws:eks/nodeGroup:NodeGroup": function* (props) {
      const { remoteAccess: access } = nodeGroup.parse(props);
      if (access !== undefined && (access.sourceSecurityGroupIds ?? []).length === 0)
        yield "remoteAccess without sourceSecurityGroupIds opens port 22 to the world";
    },
    "alicloud:ecs/securityGroupRule:SecurityGroupRule": function* (props) {
      const { type, policy = "accept", ipProtocol, portRange = "-1/-1", cidrIp, ipv6CidrIp } = aliRule.parse(props);
      if (type !== "ingress" || policy !== "accept") return;
      const [from, to] = portRange.split("/").map(Number);
      yield* opened({ protocol: ipProtocol, sources: [cidrIp, ipv6CidrIp], ranges: range(from, to) });
    },
    "tencentcloud:index/securityGroupRuleSet:SecurityGroupRuleSet": function* (props) {
      for (const rule of tencentRules.parse(props).ingresses ?? []) {
        const { action, protocol = "ALL", port = "ALL", cidrBlock, ipv6CidrBlock } = rule;
        if (action.toUpperCase() !== "ACCEPT") continue;
        yield* opened({ protocol, sources: [cidrBlock, ipv6CidrBlock], ranges: listed(port) });
      }
    },
  },
};

function inward({ protocol, fromPort, toPort, cidrBlocks = [], ipv6CidrBlocks = [] }: z.output<typeof inlineRule>) {
  const ranges = protocol === "-1" ? [] : range(fromPort, toPort);
  return opened({ protocol, sources: [...cidrBlocks, ...ipv6CidrBlocks], ranges });
}

function range(from = -1, to = from): Opening["ranges"] {
  return from === -1 ? [] : [[from, to]];
}

/** `ALL`, `22`, `22,80` or `8000-9000`. */
function listed(ports: string): Opening["ranges"] {
  if (ports.toUpperCase() === "ALL") return [];
  return ports.split(",").map((part) => {
    const [from = -1, to = from] = part.split("-").map(Number);
    return [from, to] as const;
  });
}

function* opened({ protocol, sources, ranges }: Opening): Problems {
  if (!PROTOCOLS_WITH_PORTS.includes(protocol.toLowerCase())) return;
  const open = PORTS.filter((port) => ranges.length === 0 || ranges.some(([from, to]) => from <= port && port <= to));
  if (open.length === 0) return;
  for (const source of sources) {
    if (source !== undefined && isWorld(source)) yield `${source} reaches port(s) ${open.join(", ")}`;
  }
}
