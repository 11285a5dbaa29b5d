import next from "eslint-config-next/core-web-vitals";
import nextTypescript from "eslint-config-next/typescript";
import { domains, shellDomains, shellNames } from "./lib/conventions/domains.mjs";
import { offcut } from "./lib/conventions/lint-rules.mjs";

const tests = ["**/*.{test,fixture,drill,bench}.ts", "e2e/**"];
const everyDomain = `lib/{${domains.join(",")}}`;
const inDomains = `${everyDomain}/**/*.ts`;
const shells = shellNames.flatMap((name) => [
  `${everyDomain}/**/${name}.ts`,
  `${everyDomain}/**/${name}/**/*.ts`,
]);
const shellFolders = shellDomains.map((name) => `lib/${name}/**/*.ts`);

const environmentOnlyInPlatform = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: "lib/platform/env.ts alone reads the environment.",
};
const enumsAreUnions = { selector: "TSEnumDeclaration", message: "Use a union of strings." };
// Domains add to an interface from outside, which no type allows.
const noInterfaces = {
  selector: "TSInterfaceDeclaration:not([id.name=/^(RefusalCodes|Readers)$/])",
  message: "Use a type.",
};

// A later object replaces an earlier no-restricted-syntax for the same file, so each carries its whole list.
const syntax = (...selectors) => ({ "no-restricted-syntax": ["error", enumsAreUnions, ...selectors] });

const config = [
  { ignores: [".next*/**", "prisma/generated/**", ".data/**", "test-results/**", "playwright-report/**"] },
  ...next,
  ...nextTypescript,
  { plugins: { offcut } },
  {
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "off",
      // Plain links are meant: they work without JavaScript and the public pages have no bytes to spare.
      "@next/next/no-html-link-for-pages": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": [
        "error",
        { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
      ],
    },
  },
  {
    files: ["**/*.{ts,tsx,mjs}"],
    ignores: tests,
    rules: {
      "max-lines": ["error", { max: 300 }],
      "max-lines-per-function": ["error", { max: 70 }],
    },
  },
  {
    files: ["{app,components,lib}/**/*.{ts,tsx}", "proxy.ts", "instrumentation.ts"],
    ignores: [
      ...tests,
      "lib/platform/env.ts",
      // The command line is a program of its own: it has no server's settings, only a folder and a home.
      "lib/cli/environment.ts",
      "instrumentation.ts",
    ],
    rules: syntax(noInterfaces, environmentOnlyInPlatform),
  },
  {
    files: [inDomains],
    ignores: [...tests, ...shells, ...shellFolders],
    rules: { "offcut/pure-core": "error" },
  },
  { files: shells, ignores: tests, rules: { "offcut/shell-is-server-only": "error" } },
  {
    files: [inDomains, "lib/processes/**/*.ts", "app/**/*.{ts,tsx}", "prisma/seed/**/*.ts"],
    ignores: tests,
    rules: { "offcut/own-tables": "error" },
  },
  {
    files: ["{app,components,lib,prisma}/**/*.{ts,tsx}"],
    ignores: tests,
    rules: { "offcut/caught-in-transaction": "error" },
  },
  // Playwright hands fixtures on by a function called use, which is no hook.
  { files: ["e2e/**"], rules: { "react-hooks/rules-of-hooks": "off" } },
  { files: ["**/actions.ts", "**/actions/*.ts"], rules: { "offcut/actions-through-wrapper": "error" } },
  {
    files: ["{app,components,lib}/**/*.{ts,tsx}"],
    ignores: ["**/actions.ts", "**/actions/*.ts"],
    rules: { "offcut/server-directive-only-in-actions": "error" },
  },
];

export default config;
