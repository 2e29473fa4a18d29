import { Breach, type Check } from "../check.ts";

export const tenantHeader: Check = {
  id: "tenancy/header",
  claim: "one tenant's key with another tenant's X-Tenant-ID gets 403 on chat and on memory search",
  control: "front door: the tenant comes from the key",
  run: async ({ tenants, client }) => {
    let tried = 0;
    for (const { id } of tenants) {
      // A front door that refuses everybody would pass otherwise.
      const own = await client(id).request("/api/memory/search?q=engineering-data", { headers: { "x-tenant-id": id } });
      if (own.status !== 200) throw new Error(`${id} is refused with its own X-Tenant-ID: ${own.status}`);
      for (const other of tenants.filter((candidate) => candidate.id !== id)) {
        const headers = { "x-tenant-id": other.id };
        const answers = {
          "/v1/chat/completions": await client(id).chat("let me in", { headers }),
          "/api/memory/search": await client(id).request("/api/memory/search?q=engineering-data", { headers }),
        };
        for (const [path, { status }] of Object.entries(answers)) {
          tried += 1;
          if (status !== 403) throw new Breach(`${id}'s key as ${other.id} on ${path}: ${status}, not 403`);
        }
      }
    }
    if (tried === 0) throw new Error("this needs at least two tenants");
    return [`${tried} requests, each refused with 403`];
  },
};
