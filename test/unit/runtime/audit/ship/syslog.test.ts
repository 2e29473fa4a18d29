import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { SyslogTarget, syslogFrame } from "../../../../../runtime/audit/ship/syslog.ts";
import { shippedRecords } from "./stand-ins.ts";

/** Also what the node makes its certificates with. */
const OPENSSL = "openssl";

const signal = new AbortController().signal;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Messages in octet-counting framing; throws when a length does not fit. */
function unframe(bytes: Buffer): readonly string[] {
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString("ascii", at, space));
    const message = bytes.subarray(space + 1, space + 1 + length);
    if (!(length > 0) || message.length !== length) throw new Error(`bad frame at ${at}`);
    messages.push(message.toString("utf8"));
    at = space + 1 + length;
  }
  return messages;
}

/** A stand-in for a syslog receiver: reads to the end, then closes, as rsyslog and syslog-ng do. */
function receiver(received: Buffer[]): (socket: Socket) => void {
  return (socket) => {
    socket.on("data", (chunk) => received.push(chunk));
    socket.on("error", () => {});
  };
}

test("a frame is its length in bytes, and an RFC 5424 message", () => {
  const [record] = shippedRecords(1);
  const { text } = record ?? { text: "" };
  const message = `<110>1 2026-03-01T00:00:00.250Z w1 breakwater - request - ${text}`;
  expect(record && syslogFrame(record)).toBe(`${Buffer.byteLength(message)} ${message}`);
  expect(record && syslogFrame({ ...record, decision: "deny" })).toContain(" <108>1 ");
});

describe("delivery", () => {
  const settings = (port: number) =>
    ({ kind: "syslog", name: "siem", host: "127.0.0.1", port, transport: "tcp" }) as const;

  test("over TCP all records arrive whole, in order, and count when the receiver has read them", async () => {
    const received: Buffer[] = [];
    const port = await listening(createTcpServer(receiver(received)));
    const records = shippedRecords(400);
    expect(await new SyslogTarget(settings(port)).send(records, signal)).toEqual({ refused: [], again: [] });
    const texts = unframe(Buffer.concat(received)).map((message) => message.split(" - ").at(-1));
    expect(texts).toEqual(records.map(({ text }) => text));
  });

  test("over TLS the receiver must show a certificate of the given authority", async () => {
    const folder = mkdtempSync(join(tmpdir(), "audit-tls-"));
    const file = (name: string) => join(folder, name);
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file("key.pem")];
    execFileSync(OPENSSL, ["req", "-x509", ...key, "-out", file("cert.pem"), ...subject], { stdio: "ignore" });
    const received: Buffer[] = [];
    const tls = { key: readFileSync(file("key.pem")), cert: readFileSync(file("cert.pem")) };
    const port = await listening(createTlsServer(tls, receiver(received)).on("tlsClientError", () => {}));
    const trusting = new SyslogTarget({ ...settings(port), transport: "tls", ca_file: file("cert.pem") });
    expect(await trusting.send(shippedRecords(50), signal)).toEqual({ refused: [], again: [] });
    expect(unframe(Buffer.concat(received))).toHaveLength(50);
    const strict = new SyslogTarget({ ...settings(port), transport: "tls" });
    await expect(strict.send(shippedRecords(1), signal)).rejects.toThrow();
  });

  test("a receiver that breaks off has not got the batch, even if the kernel took it", async () => {
    const port = await listening(
      createTcpServer((socket) => {
        socket.on("error", () => {});
        socket.once("data", () => socket.resetAndDestroy());
      }),
    );
    await expect(new SyslogTarget(settings(port)).send(shippedRecords(2000), signal)).rejects.toThrow();
  });

  test("a receiver that says goodbye before it has read everything has not got the batch", async () => {
    const port = await listening(
      createTcpServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => socket.end(() => socket.resume())),
    );
    const sending = new SyslogTarget(settings(port)).send(shippedRecords(40_000), signal);
    await expect(sending).rejects.toThrow("before it had read everything");
  });

  test("nobody there is a failure, and a stop ends the wait for the receiver's goodbye", async () => {
    const free = createTcpServer();
    const port = await listening(free);
    await new Promise((resolve) => free.close(resolve));
    await expect(new SyslogTarget(settings(port)).send(shippedRecords(1), signal)).rejects.toThrow("ECONNREFUSED");
    const silent = await listening(createTcpServer({ allowHalfOpen: true }, (socket) => socket.resume()));
    const stop = new AbortController();
    const sending = new SyslogTarget(settings(silent)).send(shippedRecords(1), stop.signal);
    stop.abort();
    await expect(sending).rejects.toThrow("stopped");
  });
});
