import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Upstream } from "../../../../runtime/http/index.ts";
import type { TransportSettings } from "../../../../runtime/settings/services.ts";
import { clientTls, serverTls } from "../../../../runtime/transport/tls.ts";
import { TestTransport } from "../../../support/transport.ts";

let own: TestTransport;
let foreign: TestTransport;
beforeAll(() => {
  own = new TestTransport(["IP:127.0.0.1", "DNS:router.breakwater.svc.cluster.local"]);
  foreign = new TestTransport();
});
afterAll(() => {
  own.remove();
  foreign.remove();
});

const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

/** @returns the port of a server that answers `fine`. */
async function serve(settings: TransportSettings): Promise<number> {
  const server: Server = createServer({ ...serverTls(settings) }, (_request, response) => response.end("fine"));
  return listening(server);
}

async function listening(server: Server | ReturnType<typeof createPlainServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push({ close: () => server.closeAllConnections() }, server);
  return (server.address() as AddressInfo).port;
}

/** What comes of one request: its answer, or the kind of failure. */
function ask(url: string, settings: TransportSettings): Promise<string> {
  const timeouts = { connectTimeoutMs: 2000, headersTimeoutMs: 2000, bodyTimeoutMs: 2000 };
  const upstream = new Upstream(url, { connections: 1, ...timeouts, tls: clientTls(settings) });
  open.unshift({ close: () => upstream.destroy() });
  return new Promise((resolve) => {
    let text = "";
    upstream.post("/", {}, "", {
      onHead: () => undefined,
      onData: (chunk) => {
        text += chunk;
        return true;
      },
      onEnd: () => resolve(text),
      onFailure: (failure) => resolve(failure),
    });
  });
}

/** The cipher suite and version that a handshake ends with, or its error's code. */
function handshake(port: number, options: object): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, ca: clientTls(own.settings).ca, ...options });
    socket.on("secureConnect", () => resolve(`${socket.getProtocol()} ${socket.getCipher().name}`));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    open.unshift({ close: () => socket.destroy() });
  });
}

describe("between services", () => {
  test("a server of the environment's authority answers", async () => {
    const port = await serve(own.settings);
    expect(await ask(`https://127.0.0.1:${port}`, own.settings)).toBe("fine");
  });

  test("a server of another authority gets no request", async () => {
    const port = await serve(foreign.settings);
    expect(await ask(`https://127.0.0.1:${port}`, own.settings)).toBe("unreachable");
  });

  test("a certificate of another name gets no request", async () => {
    const port = await serve(own.settings);
    expect(await ask(`https://localhost:${port}`, own.settings)).toBe("unreachable");
  });

  test("a server that speaks plainly gets no request", async () => {
    let heard = 0;
    const port = await listening(
      createPlainServer((_request, response) => {
        heard += 1;
        response.end("fine");
      }),
    );
    expect(await ask(`https://127.0.0.1:${port}`, own.settings)).toBe("unreachable");
    expect(heard).toBe(0);
  });

  test("TLS 1.2 is refused", async () => {
    const port = await serve(own.settings);
    expect(await handshake(port, { maxVersion: "TLSv1.2" })).toBe("ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION");
    expect(await handshake(port, {})).toMatch(/^TLSv1\.3 /);
  });

  test("only the cipher suites of the settings are offered", async () => {
    const only = "TLS_CHACHA20_POLY1305_SHA256" as const;
    const port = await serve({ ...own.settings, cipher_suites: [only] });
    expect(await handshake(port, {})).toBe(`TLSv1.3 ${only}`);
    expect(await handshake(port, { ciphers: "TLS_AES_256_GCM_SHA384" })).toBe("ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE");
  });
});

describe("what is mounted", () => {
  test("that is not there, or no PEM, or somebody else's key is refused by its path", () => {
    const key = foreign.settings.key_file;
    expect(() => serverTls({ ...own.settings, key_file: key })).toThrow(/transport\/unusable/);
    expect(() => serverTls({ ...own.settings, key_file: "/nowhere.key" })).toThrow(/transport\/unreadable/);
    const broken = `${own.settings.authority_file}.broken`;
    writeFileSync(broken, "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n");
    expect(() => clientTls({ ...own.settings, authority_file: broken })).toThrow(/transport\/unusable/);
  });
});
