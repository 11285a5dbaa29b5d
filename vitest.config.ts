import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { hasGo } from "./lib/launch/go.mjs";
import { canCutNetwork } from "./lib/launch/without-network.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));

const alias = [
  // The package throws outside a server bundle; its own empty file is what such a bundle would get.
  { find: /^server-only$/, replacement: `${root}node_modules/server-only/empty.js` },
  { find: /^@\//, replacement: root },
];

const never = [
  "**/node_modules/**",
  "**/.next*/**",
  ".data/**",
  // Judged by a program in Go, which is not everywhere; Sigstore's verifier, beside them, always judges.
  ...(hasGo() ? [] : ["**/*.go.test.ts", "**/*.go.db.test.ts"]),
  // Counts what is tried in a network of its own, which only bubblewrap makes.
  ...(canCutNetwork() ? [] : ["lib/launch/without-network.test.ts"]),
];

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{lib,app,components,prisma}/**/*.test.ts"],
          exclude: [...never, "**/*.db.test.ts"],
          testTimeout: 30_000,
          // They share no state, so a worker may keep what it has loaded.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "db",
          include: ["{lib,app,prisma}/**/*.db.test.ts"],
          exclude: never,
          pool: "forks",
          globalSetup: ["lib/processes/database/template.mjs"],
          setupFiles: ["lib/processes/database/per-file.mjs"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
