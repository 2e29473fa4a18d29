import { type MockResourceArgs, setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import * as settings from "@pulumi/pulumi/runtime/settings.js";

/** `disconnect` is exported but `@internal`; it waits for every registration under way. */
const { disconnect } = settings as unknown as { disconnect(): Promise<void> };

/**
 * Runs `build` against mocks and returns every resource it registered, in order.
 * Proves which inputs we send, not what a provider accepts.
 */
export async function record(build: () => unknown): Promise<readonly MockResourceArgs[]> {
  const seen: MockResourceArgs[] = [];
  await setMocks(
    {
      newResource: (args) => {
        seen.push(args);
        return { id: `${args.name}-id`, state: args.inputs as Record<string, unknown> };
      },
      call: ({ token }) => {
        throw new Error(`unexpected invoke ${token}`);
      },
    },
    "breakwater",
    "test",
    false,
  );
  await build();
  await disconnect();
  return seen;
}
