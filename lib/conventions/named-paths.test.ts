import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { domains, root } from "./domains.mjs";

const pages = ["README.md", "CONTRIBUTING.md", ...globSync("lib/*/README.md", { cwd: root })];

const textOf = (page: string) => readFileSync(path.join(root, page), "utf8");

/** Where a page of a domain means a file by less than its whole path. */
const shells = ["", "commands", "queries", "process", "session"];

test("every domain has its README", () => {
  expect(pages).toEqual(expect.arrayContaining(domains.map((domain) => `lib/${domain}/README.md`)));
});

test.each(pages)("every path under lib that %s names exists", (page) => {
  const named = textOf(page).match(/(?<![\w/.])lib\/[\w./*<>{},-]*[\w/}>]/g) ?? [];
  // `<noun>` stands for any name; a pattern must fit something.
  const patterns = named.map((name) => name.replace(/<\w+>/g, "*"));
  expect(patterns.filter((pattern) => globSync(pattern, { cwd: root }).length === 0)).toEqual([]);
});

test.each(pages.filter((page) => page.startsWith("lib/")))(
  "every file that %s names in code exists",
  (page) => {
    const places = [root, ...shells.map((shell) => path.join(root, path.dirname(page), shell))];
    const named = [...textOf(page).matchAll(/`([\w/.-]+\.(?:ts|tsx|mjs))`/g)].map(([, name = ""]) => name);
    const missing = named.filter((name) => !places.some((place) => existsSync(path.join(place, name))));
    expect(missing).toEqual([]);
  },
);
