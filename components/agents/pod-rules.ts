import { COMPONENT_LABEL, TENANT_LABEL } from "../labels.ts";
import type { Placement } from "../platform.ts";
import { POOL_LABEL } from "../pools.ts";

/** What a tenant's two pods are on one platform. */
export interface PodFacts {
  readonly runtimeClass: string;
  readonly cell: Placement;
  readonly sandbox: Placement;
}

/** One thing that a pod of a tenant is, in CEL, and what its maker is told where it is not. */
export interface PodRule {
  readonly expression: string;
  readonly message: string;
}

/**
 * What every rule reads. Whatever is not the cell counts as a sandbox, as for the rules of a plan. The repositories are a
 * variable too, which {@link PodAdmission} adds: they are known only once the registry is.
 */
export const POD_VARIABLES: readonly { readonly name: string; readonly expression: string }[] = [
  { name: "labels", expression: "object.metadata.?labels.orValue({})" },
  { name: "part", expression: `variables.labels[?'${COMPONENT_LABEL}'].orValue('')` },
  { name: "isCell", expression: "variables.part == 'cell'" },
  { name: "containers", expression: "object.spec.containers + object.spec.?initContainers.orValue([])" },
  { name: "volumes", expression: "object.spec.?volumes.orValue([])" },
];

/**
 * What holds of the two pods that we render for a tenant and that Pod Security `restricted` leaves open, seen by somebody
 * who may create or change pods in a tenant's namespace. Every rule is true of both pods on every platform: a pod that the
 * rules refuse is a deployment that does not come up.
 */
export function podRules({ runtimeClass, cell, sandbox }: PodFacts): readonly PodRule[] {
  const pools = `(variables.isCell ? ${text(poolOf(cell))} : ${text(poolOf(sandbox))})`;
  return [
    {
      expression: "variables.part in ['cell', 'sandbox']",
      message: `a tenant's pod is its cell or its sandbox by its label ${COMPONENT_LABEL}`,
    },
    {
      expression: `variables.labels[?'${TENANT_LABEL}'].orValue('') == namespaceObject.metadata.labels['${TENANT_LABEL}']`,
      message: `a tenant's pod carries the label ${TENANT_LABEL} of its namespace`,
    },
    {
      expression: `variables.isCell ? !has(object.spec.runtimeClassName) : object.spec.?runtimeClassName.orValue('') == ${text(runtimeClass)}`,
      message: `a tenant's pod other than its cell has the runtimeClassName ${runtimeClass}, and the cell has none`,
    },
    {
      expression: "!variables.isCell || object.metadata.name == 'cell-0'",
      message: "a tenant has one cell, and its pod is cell-0",
    },
    {
      expression: "variables.containers.all(c, variables.repositories.exists(r, c.image.startsWith(r + '@sha256:')))",
      message: "images of a tenant's pod are those of its part, by digest",
    },
    {
      expression:
        "variables.isCell || variables.containers.all(c, !has(c.command) && !has(c.args) && !has(c.lifecycle))",
      message: "a sandbox starts what its image starts",
    },
    {
      expression: "variables.containers.all(c, !has(c.envFrom) && c.?env.orValue([]).all(e, !has(e.valueFrom)))",
      message: "no variable of a tenant's pod comes from a Secret, a ConfigMap or the pod itself",
    },
    {
      expression:
        "variables.volumes.all(v, has(v.emptyDir) || (variables.isCell" +
        " ? v.?secret.?secretName.orValue('') == 'cell-secrets' || v.?configMap.?name.orValue('') == 'cell-settings'" +
        " || v.?persistentVolumeClaim.?claimName.orValue('') == 'state-cell-0'" +
        " : v.?secret.?secretName.orValue('') == 'sandbox-keys'))",
      message: "a tenant's pod mounts empty folders, and the secrets, settings and state of its own part",
    },
    {
      expression:
        "object.spec.?automountServiceAccountToken.orValue(true) == false" +
        " && object.spec.?serviceAccountName.orValue('default') == 'default'",
      message: "a tenant's pod has no token of a ServiceAccount",
    },
    {
      expression: "!has(object.spec.hostAliases) && object.spec.?shareProcessNamespace.orValue(false) == false",
      message: "a tenant's pod has no names of hosts of its own, and its containers do not see each other's processes",
    },
    {
      expression: "object.spec.?ephemeralContainers.orValue([]).size() == 0",
      message: "nobody puts a container into a tenant's pod",
    },
    {
      expression:
        "object.metadata.?annotations.orValue({}).all(k," +
        " !k.startsWith('dev.gvisor.flag.') && !k.startsWith('io.katacontainers.'))",
      message: "a tenant's pod does not set the flags of its runtime",
    },
    {
      expression: "!object.spec.?priorityClassName.orValue('').startsWith('system-')",
      message: "a tenant's pod does not take the place of the cluster's own",
    },
    {
      expression: "request.operation != 'CREATE' || !has(object.spec.nodeName)",
      message: "the scheduler alone chooses the node of a tenant's pod",
    },
    {
      expression:
        "object.spec.?tolerations.orValue([]).all(t, t.?key.orValue('') != ''" +
        ` && (t.key != '${POOL_LABEL}' || t.?value.orValue('') == ${pools}))`,
      message: "a tenant's pod tolerates the taint of no other pool",
    },
    ...selection(cell, sandbox),
  ];
}

/** Where nodes come in pools: the nodes of its own. A node that selects nothing has one pool for all. */
function selection(cell: Placement, sandbox: Placement): readonly PodRule[] {
  const selects = ({ nodeSelector = {} }: Placement): string =>
    Object.entries(nodeSelector)
      .map(([key, value]) => `object.spec.?nodeSelector[?${text(key)}].orValue('') == ${text(value)}`)
      .join(" && ") || "true";
  if (selects(cell) === "true" && selects(sandbox) === "true") return [];
  return [
    {
      expression: `variables.isCell ? ${selects(cell)} : ${selects(sandbox)}`,
      message: "a tenant's pod selects the nodes of its own pool",
    },
  ];
}

function poolOf({ nodeSelector = {} }: Placement): string {
  return nodeSelector[POOL_LABEL] ?? "";
}

/** A CEL string. */
function text(value: string): string {
  return JSON.stringify(value);
}
