import { type Dispatcher, WebSocket } from "undici";
import type { TextSocket } from "./gateway-connection.ts";

/** Opens a WebSocket. Rejects when nobody listens or the handshake fails. */
export function openSocket(url: string, dispatcher: Dispatcher): Promise<TextSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { dispatcher });
    const texts: string[] = [];
    let listener: ((text: string) => void) | undefined;
    // The gateway's challenge may come before anyone listens.
    socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") return;
      if (listener === undefined) texts.push(data);
      else listener(data);
    });
    const failed = (): void => reject(new Error("no connection"));
    socket.addEventListener("error", failed);
    socket.addEventListener("open", () => {
      resolve({
        send: (text) => socket.send(text),
        close: () => socket.close(),
        onText: (next) => {
          listener = next;
          for (const text of texts.splice(0)) next(text);
        },
        onClose: (closed) => socket.addEventListener("close", ({ code }) => closed(`code ${code}`)),
      });
    });
  });
}
