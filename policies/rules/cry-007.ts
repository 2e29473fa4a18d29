import { z } from "zod";
import { eachText } from "../known.ts";
import { once } from "../once.ts";
import type { StackRule } from "../rule.ts";
import { eachSettingsFile } from "../settings-files.ts";

/** A service of the cluster by its name there; what listens on 127.0.0.1 never leaves its pod. */
const PLAIN = /^(?:http|ws):\/\/([a-z0-9.-]+\.svc(?:\.cluster\.local)?)(?=[:/]|$)/;

const database = z.object({ kind: z.literal("postgres"), host: z.string(), ca_file: z.string().optional() });

/**
 * Whoever can listen on one node must not read what tenants say. There is no mesh: each service is told the addresses of
 * the others in its settings file, so these say what is encrypted. A database without an authority is not.
 */
export const cry007: StackRule = {
  id: "CRY-007",
  subjects: ["kubernetes:core/v1:ConfigMap"],
  *check(plan) {
    const everyMap = () => true;
    yield* eachSettingsFile(plan, everyMap, function* ({ urn, map, content }) {
      for (const host of plainHosts(content)) yield { urn, problem: `${map} reaches ${host} without TLS` };
    });
  },
};

/** Hosts that a settings file asks without TLS, each once. */
const plainHosts = once((content: unknown): ReadonlySet<string> => {
  const hosts = new Set<string>();
  eachText(content, (text) => {
    const host = PLAIN.exec(text)?.[1];
    if (host !== undefined) hosts.add(host);
  });
  const asked = database.safeParse((content as { database?: unknown } | null)?.database);
  if (asked.success && asked.data.ca_file === undefined) hosts.add(asked.data.host);
  return hosts;
});
