import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, isScalar, parseDocument, visit } from "yaml";
import { projectRoot } from "../../tools/paths.ts";

/** The shipped environments that a file can be made from. */
export type TemplateName =
  | "local"
  | "acme-aws"
  | "acme-aws-cn"
  | "acme-alibaba"
  | "acme-alibaba-b"
  | "acme-tencent"
  | "acme-dgx";

/** Domains of the invented companies in the shipped environments. */
const EXAMPLE_DOMAINS = /\b(acme\.example|acme\.internal|company\.com)\b/g;

/** A shipped environment as a document whose comments stay. */
export function readTemplate(name: TemplateName): Document {
  const file = join(projectRoot, "stacks", `Pulumi.${name}.yaml`);
  return parseDocument(readFileSync(file, "utf8"), { uniqueKeys: true, strict: true });
}

/** Puts the company's domain wherever the template has an invented one, comments included. */
export function renameDomain(document: Document, domain: string): void {
  visit(document, {
    Node: (_, node) => {
      if (node.comment) node.comment = node.comment.replace(EXAMPLE_DOMAINS, domain);
      if (node.commentBefore) node.commentBefore = node.commentBefore.replace(EXAMPLE_DOMAINS, domain);
      if (isScalar(node) && typeof node.value === "string") node.value = node.value.replace(EXAMPLE_DOMAINS, domain);
    },
  });
}
