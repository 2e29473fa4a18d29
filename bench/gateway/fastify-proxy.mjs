// The bare proxy that our services are compared with: Fastify parses the body, an undici pool sends it on, nothing else.
import { createRequire } from "node:module";

// The versions that our services run with.
const require = createRequire(new URL("../../runtime/package.json", import.meta.url));
const { fastify: Fastify } = require("fastify");
const { Pool } = require("undici");

const [port, upstream] = process.argv.slice(2);
const pool = new Pool(`http://127.0.0.1:${upstream}`, { connections: 256 });
const app = Fastify();
app.post("/v1/chat/completions", async (request, reply) => {
  const answer = await pool.request({
    method: "POST",
    path: "/v1/chat/completions",
    headers: { "content-type": "application/json", authorization: request.headers.authorization },
    body: JSON.stringify(request.body),
  });
  reply.code(answer.statusCode).type("application/json");
  return JSON.stringify(await answer.body.json());
});
await app.listen({ host: "127.0.0.1", port: Number(port) });
