# One image per process: docker build --build-arg CONTEXT=ordering -t cadastre/ordering:0.1.0 .
# CONTEXT is a folder of contexts/, or relay, or operator.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --no-update-notifier

# Of all contexts only subscriptions has a page to build, with packages of development that its image does not keep.
FROM node:24-slim AS sources
ARG CONTEXT
WORKDIR /src
COPY package.json package-lock.json ./
RUN [ "$CONTEXT" != subscriptions ] || npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier
COPY . .
RUN [ "$CONTEXT" != subscriptions ] || node local/portal/build-portal.ts
RUN node local/image/copy.ts "${CONTEXT:?say which: --build-arg CONTEXT=ordering}" /app

FROM node:24-slim AS image
WORKDIR /app
ENV NODE_ENV=production NODE_COMPILE_CACHE=/tmp/compile-cache
COPY --from=packages /app/node_modules node_modules
COPY --from=sources /app ./
USER 1000:1000
CMD ["node", "main.ts"]

# For `skaffold dev`: the sources live in a writable folder, and a change of one restarts the process. The folder is in a
# volume, so a container that is started again finds what was synced.
FROM image AS dev
COPY --from=sources /src/local/image/restart-on-change.ts /dev-tools/
CMD ["sh", "-c", "mkdir -p /tmp/app && cd /tmp/app && { [ -e node_modules ] || { tar -C /app --exclude ./node_modules -c . | tar -x && ln -sfn /app/node_modules node_modules; }; } && exec node /dev-tools/restart-on-change.ts main.ts"]

FROM image
