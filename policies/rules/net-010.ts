import { z } from "zod";
import { subnetsOf, zonesOf } from "../net-subnets.ts";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

const AWS_NAT = "aws:ec2/natGateway:NatGateway";
const ALI_NAT = "alicloud:vpc/natGateway:NatGateway";
const TENCENT_NAT = "tencentcloud:index/natGateway:NatGateway";
const AWS_ADDRESS = "aws:ec2/eipAssociation:EipAssociation";
const ALI_ADDRESS = "alicloud:ecs/eipAssociation:EipAssociation";
const TENCENT_ADDRESS = "tencentcloud:index/eipAssociation:EipAssociation";

const aws = z.object({ connectivityType: z.string().optional(), availabilityMode: z.string().optional() });
const ali = z.object({ networkType: z.string().optional(), availabilityMode: z.string().optional() });
const tencent = z.object({ natProductVersion: z.number().optional() });
const aliAddress = z.object({ instanceType: z.string().optional() });

/** Tencent's standard NAT gateway spans the zones of its region (from memory, unverified); the traditional one, 1, stands in one. */
const STANDARD = 2;

/**
 * Addresses of machines go around the border's firewall, and one gateway in one zone is the end of all answers when that
 * zone is lost. A gateway that spans zones by itself counts for all of them.
 */
export const net010: StackRule = {
  id: "NET-010",
  subjects: [AWS_NAT, ALI_NAT, TENCENT_NAT, AWS_ADDRESS, ALI_ADDRESS, TENCENT_ADDRESS],
  *check(plan) {
    const zones = zonesOf(subnetsOf(plan), "workloads").size;
    for (const { gateways, spanning } of gatewaysOf(plan)) {
      if (gateways > 0 && spanning === 0 && gateways < zones)
        yield { problem: `${gateways} NAT gateway(s) in single zones for ${zones} zones` };
    }
    yield* addressesOfMachines(plan);
  },
};

interface Gateways {
  readonly gateways: number;
  /** Those that outlive a zone. */
  readonly spanning: number;
}

function gatewaysOf(plan: Plan): readonly Gateways[] {
  const ofAws = plan.ofType(AWS_NAT).map(({ props }) => aws.parse(props));
  const ofAli = plan.ofType(ALI_NAT).map(({ props }) => ali.parse(props));
  const ofTencent = plan.ofType(TENCENT_NAT).map(({ props }) => tencent.parse(props));
  return [
    counted(
      ofAws.filter(({ connectivityType }) => connectivityType !== "private"),
      ({ availabilityMode }) => availabilityMode === "regional",
    ),
    counted(
      ofAli.filter(({ networkType }) => networkType !== "intranet"),
      ({ availabilityMode }) => availabilityMode === "CrossAZ",
    ),
    counted(ofTencent, ({ natProductVersion }) => natProductVersion === STANDARD),
  ];
}

function counted<T>(gateways: readonly T[], spans: (gateway: T) => boolean): Gateways {
  return { gateways: gateways.length, spanning: gateways.filter(spans).length };
}

function* addressesOfMachines(plan: Plan): Iterable<StackProblem> {
  const ofAli = plan.ofType(ALI_ADDRESS).filter(({ props }) => aliAddress.parse(props).instanceType === "EcsInstance");
  const given = plan
    .ofType(AWS_ADDRESS, TENCENT_ADDRESS)
    .filter(({ props }) => "instanceId" in props || "networkInterfaceId" in props);
  for (const { urn } of [...given, ...ofAli]) yield { urn, problem: "a machine has an address of the internet" };
}
