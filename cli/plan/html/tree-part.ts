import { html, type Markup } from "../../page/markup.ts";
import type { PlannedResource } from "../recorder.ts";

/** Components that can be opened, each with the resources that it makes. */
export function treePart(resources: readonly PlannedResource[]): Markup {
  const known = new Set(resources.map(({ urn }) => urn));
  const childrenOf = new Map<string, PlannedResource[]>();
  for (const resource of resources) {
    const key = known.has(resource.parent) ? resource.parent : "";
    const siblings = childrenOf.get(key);
    if (siblings === undefined) childrenOf.set(key, [resource]);
    else siblings.push(resource);
  }
  const branch = (parent: string): Markup => {
    const children = childrenOf.get(parent) ?? [];
    const leaves = children.filter(({ custom }) => custom);
    const components = children.filter(({ custom }) => !custom);
    return html`<ul>${leaves.map(
      (leaf) => html`<li>${leafPart(leaf)}</li>
`,
    )}${components.map(componentPart)}</ul>`;
  };
  const componentPart = (component: PlannedResource): Markup => {
    const { urn, name } = component;
    if (!childrenOf.has(urn))
      return html`<li>${name} <span class="soft">${shortType(component)}</span></li>
`;
    return html`<li><details><summary>${name} <span class="soft">${shortType(component)}, ${made(urn)}</span></summary>${branch(urn)}</details></li>
`;
  };
  const made = (urn: string): number =>
    (childrenOf.get(urn) ?? []).reduce((sum, child) => sum + (child.custom ? 1 : made(child.urn)), 0);
  return html`<div class="tree">${branch("")}</div>`;
}

/** `Deployment tenant-marketing/sandbox`, and whether the engine refuses to delete it. */
function leafPart(resource: PlannedResource): Markup {
  const { name, inputs } = resource;
  const own = (inputs["metadata"] ?? inputs) as { readonly name?: unknown; readonly namespace?: unknown };
  const where = [own.namespace, own.name ?? name].filter((part) => typeof part === "string").join("/");
  const guarded = resource.protected ? html` <span class="soft">protected</span>` : undefined;
  return html`<span class="soft">${shortType(resource)}</span> ${where}${guarded}`;
}

function shortType({ type }: PlannedResource): string {
  return type.slice(type.lastIndexOf(":") + 1);
}
