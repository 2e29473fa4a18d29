import type { Problem } from "@breakwater/runtime/problems";
import { bearsPod, type KubernetesObject } from "../../policies/pod-security/kinds.ts";
import { fault } from "./codes.ts";
import { type ManifestDocument, unrendered } from "./documents.ts";

/** A Kubernetes object with where it was found. */
export interface FoundObject {
  readonly file: string;
  /** `2`, or `2.items[0]` inside a list. */
  readonly document: string;
  readonly line: number;
  readonly object: KubernetesObject;
}

/** Lists in lists deeper than this are nobody's manifest. */
const DEPTH_MAX = 8;

/** The objects of a document: itself, or what its list holds. */
export function objectsOf(
  file: string,
  { document, line, content }: ManifestDocument,
): readonly (FoundObject | Problem)[] {
  return flatten({ file, document: String(document), line }, content, DEPTH_MAX);
}

function flatten(at: Omit<FoundObject, "object">, content: unknown, depth: number): readonly (FoundObject | Problem)[] {
  const path = `${at.file}, document ${at.document}, line ${at.line}`;
  if (!isObject(content)) return [notAnObject(path, content)];
  if (/\{\{/.test(content.kind) || /\{\{/.test(String(nameOf(content)))) return [unrendered(path)];
  const items = itemsOf(content);
  if (items === undefined) return [{ ...at, object: content }];
  if (depth === 0) return [notAnObject(path, content)];
  return items.flatMap((item, index) =>
    flatten({ ...at, document: `${at.document}.items[${index}]` }, item, depth - 1),
  );
}

/** What a list holds. The items of a `PodList` need not say that they are pods. */
function itemsOf(list: KubernetesObject): readonly unknown[] | undefined {
  const { apiVersion, kind, items } = list;
  if (!kind.endsWith("List") || !Array.isArray(items)) return undefined;
  const itemKind = kind.slice(0, -"List".length);
  if (itemKind === "" || !bearsPod({ apiVersion, kind: itemKind })) return items;
  return items.map((item: unknown) =>
    typeof item === "object" && item !== null ? { apiVersion, kind: itemKind, ...item } : item,
  );
}

function isObject(content: unknown): content is KubernetesObject {
  if (typeof content !== "object" || content === null) return false;
  const { apiVersion, kind } = content as Partial<KubernetesObject>;
  return typeof apiVersion === "string" && typeof kind === "string" && apiVersion !== "" && kind !== "";
}

/** The name that an object has for itself. */
export function nameOf({ metadata }: KubernetesObject): string | undefined {
  return textAt(metadata, "name") ?? textAt(metadata, "generateName");
}

/** The namespace that an object names. */
export function namespaceOf({ metadata }: KubernetesObject): string | undefined {
  return textAt(metadata, "namespace");
}

function textAt(metadata: unknown, key: string): string | undefined {
  const value: unknown = (metadata as Readonly<Record<string, unknown>> | null | undefined)?.[key];
  return typeof value === "string" ? value : undefined;
}

function notAnObject(path: string, content: unknown): Problem {
  return fault("check/not-an-object", path, {
    got: Array.isArray(content)
      ? "a sequence"
      : typeof content === "object"
        ? "a map without apiVersion and kind"
        : "a plain value",
    expected: "a Kubernetes object with apiVersion and kind",
    remedy: "leave out files that are not manifests",
  });
}
