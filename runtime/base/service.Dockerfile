# Any of our TypeScript services: one bundled file on the base.
ARG BASE
FROM ${BASE}
COPY --chmod=644 main.cjs /app/main.cjs
USER 1000:1000
WORKDIR /app
ENTRYPOINT ["/usr/local/bin/node", "/app/main.cjs"]
