# syntax=docker/dockerfile:1
# The bridge as an image: built in one stage, run in another that holds no compiler, no sources and no development
# packages; the workspace bench/ is left out. Runs as a user without rights and needs no file system to write to; with an embedded store, a volume on
# /data (STORE_URL=embedded:/data/store). STORE_URL, STORE_KEYS and the rest of README's settings come from the operator.

FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --workspaces=false
COPY tsconfig.json tsconfig.build.json tsconfig.verifier.json ./
COPY scripts/bundle.js scripts/finish-build.js scripts/read-sbom.js scripts/
COPY src src
COPY sandbox sandbox
COPY config config
RUN npm run build

FROM node:24-slim AS packages
WORKDIR /packages
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --workspaces=false

FROM node:24-slim
ENV NODE_ENV=production PORT=3000 OPS_PORT=9464
WORKDIR /app
COPY --from=packages /packages/node_modules node_modules
COPY --from=build /build/dist/bridge dist/bridge
COPY --from=build /build/dist/sbom.cdx.json dist/
COPY package.json ./
COPY config config
RUN mkdir /data && chown node:node /data \
  && ln -s /app/dist/bridge/main.js /usr/local/bin/sso-bridge
USER node
VOLUME /data
EXPOSE 3000 9464
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.OPS_PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The process takes SIGTERM itself: it stops accepting, lets what was accepted finish, and closes the store.
CMD ["node", "dist/bridge/main.js", "serve"]
