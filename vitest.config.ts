import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

const alias = [
  // The package throws outside a server bundle; its own empty file is what such a bundle would get.
  { find: /^server-only$/, replacement: `${root}node_modules/server-only/empty.js` },
  { find: /^@\//, replacement: root },
];

const never = ["**/node_modules/**", "**/.next*/**", ".data/**"];

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
        },
      },
      {
        extends: true,
        test: {
          name: "db",
          include: ["{lib,app,prisma}/**/*.db.test.ts"],
          exclude: never,
          pool: "forks",
          globalSetup: ["lib/launch/database-template.mjs"],
          setupFiles: ["lib/launch/database-per-file.mjs"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
