import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { cruise } from "dependency-cruiser";
import { ESLint } from "eslint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import importRules from "../../.dependency-cruiser.mjs";
import { domains, root } from "./domains.mjs";

/** Violations planted on purpose: the rules that `npm run check` runs must find each of them, and nothing else. */

type Planted = { rule: string; file: string; code: string };

const lintViolations: Planted[] = [
  {
    rule: "offcut/own-tables",
    file: "lib/deals/commands/planted.ts",
    code: `import "server-only";
import type { Tx } from "@/lib/platform/db";
export const planted = (tx: Tx) => tx.account.update({ where: { id: "" }, data: { handle: "" } });`,
  },
  {
    rule: "offcut/own-tables",
    file: "lib/evidence/commands/planted.ts",
    code: `import "server-only";
import type { Tx } from "@/lib/platform/db";
export const planted = (tx: Tx) => tx.$executeRaw\`DELETE FROM "Listing" WHERE id = ''\`;`,
  },
  {
    rule: "offcut/own-tables",
    file: "lib/disputes/queries/planted.ts",
    code: `import "server-only";
import { readPool } from "@/lib/platform/read-pool";
export const planted = () => readPool().query(\`SELECT 1 FROM "Dispute" JOIN "Deal" ON true\`);`,
  },
  ...[
    "export const planted = (client: Tx) => client.account.count();",
    "export const planted = (input: { tx: Tx }) => input.tx.account.count();",
    "export const planted = (db: () => Tx) => db().account.count();",
    'export const planted = (tx: Tx) => tx["account"].count();',
    "export const planted = (tx: Tx) => { const { account } = tx; return account; };",
    'export const planted = (tx: Tx) => tx.$executeRaw`TRUNCATE "Account"`;',
    'export const planted = (tx: Tx) => tx.$executeRaw`DELETE FROM public."Account"`;',
    'export const planted = (tx: Tx) => tx.$queryRaw`SELECT 1 FROM "Deal", "Account"`;',
    'export const planted = (tx: Tx, table: string) => tx.$executeRawUnsafe("UPDATE " + table);',
  ].map((code) => ({
    rule: "offcut/own-tables",
    file: "lib/deals/commands/planted.ts",
    code: `import "server-only"; import type { Tx } from "@/lib/platform/db"; ${code}`,
  })),
  {
    rule: "offcut/pure-core",
    file: "lib/measurement/planted.ts",
    code: `import "server-only";
export const planted = 1;`,
  },
  {
    rule: "offcut/pure-core",
    file: "lib/statements/kinds/planted.ts",
    code: `import { db } from "@/lib/platform/db";
export const planted = db;`,
  },
  {
    rule: "offcut/pure-core",
    file: "lib/statements/kinds/planted.ts",
    code: `export const planted = () => new Date();`,
  },
  {
    rule: "offcut/pure-core",
    file: "lib/log/deep/er/planted.ts",
    code: `export const planted = () => Math.random();`,
  },
  ...[
    "export const planted = () => Date();",
    "export const planted = [0].map(Date.now);",
    'export const planted = () => Date["now"]();',
    "export const planted = () => new globalThis.Date();",
    "export const planted = performance.timeOrigin;",
    "export const planted = () => globalThis.crypto.randomUUID();",
    'export const planted = () => fetch("http://localhost");',
    'export { readFileSync as planted } from "fs";',
    'export * from "@/lib/platform/db";',
    'export const planted = () => import("@/lib/platform/db");',
  ].map((code) => ({ rule: "offcut/pure-core", file: "lib/statements/kinds/planted.ts", code })),
  {
    rule: "offcut/shell-is-server-only",
    file: "lib/access/queries/planted.ts",
    code: `export const planted = 1;`,
  },
  {
    rule: "offcut/actions-through-wrapper",
    file: "lib/selling/actions/planted.ts",
    code: `"use server";
export async function planted() {}`,
  },
  {
    rule: "offcut/server-directive-only-in-actions",
    file: "components/deals/planted.tsx",
    code: `export async function planted() { "use server"; }`,
  },
  {
    rule: "no-restricted-syntax",
    file: "lib/deals/planted.ts",
    code: `export const planted = process.env.PLANTED;`,
  },
];

const query = "export const read = 1;";
const importViolations: (Planted & { other: string })[] = [
  {
    rule: "core-knows-no-shell",
    file: "lib/evidence/planted.ts",
    code: 'import { read } from "./queries/other"; export const planted = read;',
    other: "lib/evidence/queries/other.ts",
  },
  {
    rule: "core-knows-no-shell",
    file: "lib/statements/kinds/planted.ts",
    code: 'import { read } from "@/lib/platform/other"; export const planted = read;',
    other: "lib/platform/other.ts",
  },
  {
    rule: "core-knows-no-shell",
    file: "lib/log/planted.ts",
    code: 'import { read } from "./process/other"; export const planted = read;',
    other: "lib/log/process/other.ts",
  },
  {
    rule: "components-get-data-as-props",
    file: "components/deals/planted.tsx",
    code: 'import { read } from "@/lib/deals/queries/other"; export const planted = read;',
    other: "lib/deals/queries/other.ts",
  },
  {
    rule: "components-get-data-as-props",
    file: "components/selling/planted.tsx",
    code: 'import { read } from "@/lib/selling/commands/other"; export const planted = read;',
    other: "lib/selling/commands/other.ts",
  },
  {
    rule: "app-never-reads-rows",
    file: "app/planted/page.tsx",
    code: 'import { read } from "@/lib/evidence/records/other"; export const planted = read;',
    other: "lib/evidence/records/other.ts",
  },
  {
    rule: "statements-imports-only-from-its-left",
    file: "lib/statements/planted.ts",
    code: 'import type { read } from "@/lib/evidence/other"; export type Planted = typeof read;',
    other: "lib/evidence/other.ts",
  },
  {
    rule: "deals-imports-only-from-its-left",
    file: "lib/deals/jobs.ts",
    code: 'import { read } from "@/lib/processes/other"; export const planted = read;',
    other: "lib/processes/other.ts",
  },
];

describe("the linter finds", () => {
  const eslint = new ESLint({ cwd: root });
  test.each(lintViolations)("$rule in $file: $code", async ({ rule, file, code }) => {
    const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
    expect(result?.messages.map(({ ruleId }) => ruleId)).toEqual([rule]);
  });

  test("nothing in a shell that keeps to its own tables", async () => {
    const code = `import "server-only";
import type { Tx } from "@/lib/platform/db";
export const planted = (tx: Tx) => tx.deal.count();
export const locked = (tx: Tx) => tx.$queryRaw\`SELECT 1 FROM "Deal" FOR UPDATE\`;`;
    const [result] = await eslint.lintText(code, {
      filePath: path.join(root, "lib/deals/commands/planted.ts"),
    });
    expect(result?.messages).toEqual([]);
  });
});

describe("the import rules find", () => {
  let place: string;
  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), "offcut-planted-"));
    const config = {
      compilerOptions: { paths: { "@/*": ["./*"] }, module: "esnext", moduleResolution: "bundler" },
    };
    await writeFile(path.join(place, "tsconfig.json"), JSON.stringify(config));
  });
  afterAll(() => rm(place, { recursive: true, force: true }));

  async function violationsOf(files: Record<string, string>): Promise<string[]> {
    const folder = await mkdtemp(path.join(place, "tree-"));
    for (const [file, code] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), code);
    }
    const { forbidden, options } = importRules;
    const resolving = {
      ...options.enhancedResolveOptions,
      alias: { "@": folder },
      extensions: [".ts", ".tsx"],
    };
    const { output } = await cruise(
      ["app", "components", "lib"].filter((top) => Object.keys(files).some((file) => file.startsWith(top))),
      { baseDir: folder, validate: true, ruleSet: { forbidden }, tsPreCompilationDeps: true },
      resolving,
    );
    if (typeof output === "string") throw new Error(output);
    return [...new Set(output.summary.violations.map(({ rule }) => rule.name))];
  }

  test.each(importViolations)("$rule in $file: $code", async ({ rule, file, code, other }) => {
    expect(await violationsOf({ [file]: code, [other]: query })).toEqual([rule]);
  });

  test("nothing where a component takes the type of a view and a shell calls its core", async () => {
    const violations = await violationsOf({
      "components/deals/planted.tsx":
        'import type { read } from "@/lib/deals/queries/other"; export type P = typeof read;',
      "lib/deals/queries/other.ts": 'import { core } from "../core"; export const read = core;',
      "lib/deals/core.ts": "export const core = 1;",
    });
    expect(violations).toEqual([]);
  });
});

test("every folder of lib is a domain or a door, and every domain has a folder", async () => {
  const { readdir } = await import("node:fs/promises");
  const { doors } = await import("./domains.mjs");
  expect((await readdir(path.join(root, "lib"))).sort()).toEqual([...domains, ...doors].sort());
});
