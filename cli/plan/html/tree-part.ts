import { html, type Markup } from "../../page/markup.ts";
import type { PlannedResource } from "../recorder.ts";
import { childrenByParent, placedName, shortType } from "../tree.ts";

/** Components that can be opened, each with the resources that it makes. */
export function treePart(resources: readonly PlannedResource[]): Markup {
  const childrenOf = childrenByParent(resources);
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
  const guarded = resource.protected ? html` <span class="soft">protected</span>` : undefined;
  return html`<span class="soft">${shortType(resource)}</span> ${placedName(resource)}${guarded}`;
}
