/** Who may import whom. Everything about domains and file names comes from `lib/conventions/domains.mjs`. */

import { anyDomain, domains, doors, shellPath, testPath } from "./lib/conventions/domains.mjs";

const anyDoor = `^lib/(${doors.join("|")})/`;
const withCode = { dependencyTypesNot: ["type-only"] };

const onlyLeftwards = domains.map((domain, place) => ({
  name: `${domain}-imports-only-from-its-left`,
  severity: "error",
  from: { path: `^lib/${domain}/`, pathNot: testPath },
  to: { path: `^lib/(${[...domains.slice(place + 1), ...doors].join("|")})/` },
}));

const config = {
  forbidden: [
    ...onlyLeftwards,
    {
      name: "no-circle",
      severity: "error",
      from: {},
      // A type alone brings no code with it.
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "shared-knows-no-database",
      severity: "error",
      from: { path: "^lib/shared/", pathNot: testPath },
      to: { path: "^prisma/" },
    },
    {
      name: "lib-never-imports-upwards",
      severity: "error",
      from: { path: "^lib/", pathNot: testPath },
      to: { path: "^(app|components|e2e)/" },
    },
    {
      name: "components-never-import-app",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^(app|e2e)/" },
    },
    {
      name: "components-get-data-as-props",
      comment: "They may import core, schemas and actions; of any other shell only types.",
      severity: "error",
      from: { path: "^components/" },
      to: { path: [shellPath, "^prisma/", anyDoor], pathNot: "/actions(\\.ts$|/)", ...withCode },
    },
    {
      name: "app-never-reads-rows",
      severity: "error",
      from: { path: "^app/", pathNot: testPath },
      to: {
        path: ["^lib/.+/records(\\.ts$|/)", "^lib/platform/db\\.ts$", "^prisma/generated/"],
        ...withCode,
      },
    },
    {
      name: "pages-write-through-actions",
      comment: "Route handlers may run commands: they are the shell of machines.",
      severity: "error",
      from: { path: "^app/", pathNot: ["/route\\.ts$", testPath] },
      to: { path: "^lib/.+/commands(\\.ts$|/)", ...withCode },
    },
    {
      name: "actions-are-for-forms",
      severity: "error",
      from: { path: "^lib/", pathNot: testPath },
      to: { path: "^lib/.+/actions(\\.ts$|/)" },
    },
    {
      name: "core-knows-no-shell",
      comment: "Whatever bears no shell's name is core, in whatever folder, and stays pure.",
      severity: "error",
      from: { path: `^lib/${anyDomain}/`, pathNot: [shellPath, testPath] },
      to: { path: shellPath, ...withCode },
    },
    {
      name: "the-command-line-needs-no-server",
      comment:
        "Whoever checks evidence has no database, no environment and no reason to trust this installation.",
      severity: "error",
      from: { path: "^lib/cli/", pathNot: testPath },
      to: { path: ["^lib/platform/", "^prisma/", "node_modules/(server-only|next|pg)/"], reachable: true },
    },
    {
      name: "only-people-call-the-command-line",
      severity: "error",
      from: { pathNot: "^lib/cli/" },
      to: { path: "^lib/cli/" },
    },
    {
      name: "nothing-imports-tests",
      severity: "error",
      from: { pathNot: [testPath, "^e2e/"] },
      to: { path: [testPath, "^e2e/"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^prisma/generated/internal", "^\\.next", "^node_modules"] },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["react-server", "import", "node"],
    },
  },
};

export default config;
