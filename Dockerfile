# One image for the api, the worker, the migrations and the simulator; docker-compose.yml says which command runs.
FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
# pnpm must neither ask nor replace itself: it is the pinned version already.
ENV CI=true pnpm_config_pm_on_fail=ignore
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY patches/ patches/
COPY api/package.json api/
COPY worker/package.json worker/
COPY shared/package.json shared/
COPY simulator/package.json simulator/
COPY client/package.json client/
RUN npx --yes "$(node -p 'require("./package.json").packageManager')" install --prod --frozen-lockfile

FROM node:24-bookworm-slim
WORKDIR /app
# glibc gives what a decoded picture took back to the system at once, rather than keep up to 100 MB of it.
ENV NODE_ENV=production MALLOC_TRIM_THRESHOLD_=131072
# Pictures, of the api and of the simulator; a volume put here is the user's who runs the process.
RUN mkdir /data && chown node:node /data
COPY --from=dependencies /app ./
COPY . .
USER node
EXPOSE 8086
CMD ["node", "--import", "tsx", "api/src/main.ts"]
