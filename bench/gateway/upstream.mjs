// The model server that every gateway of this bench stands before: it answers at once and always the same, so that what
// is measured is the gateway. A stand-in, not a model.
import { createServer } from "node:http";

const content = "The quick brown fox jumps over the lazy dog, and 빠른 갈색 여우 runs beside 敏捷的狐狸. "
  .repeat(8)
  .slice(0, 560);
const whole = Buffer.from(
  JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion",
    created: 1_764_000_000,
    model: "gpt-4o-mini",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 240, completion_tokens: 150, total_tokens: 390 },
  }),
);
const head = { "content-type": "application/json", "content-length": whole.length };

createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.writeHead(200, head);
    response.end(whole);
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
