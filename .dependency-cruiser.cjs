/** Who may import whom. The order of the domains is written here and nowhere else in the tooling. */

/** Each domain may import only those to its left, besides shared and platform. */
const domains = [
  "accounts",
  "ledger",
  "catalogue",
  "inference",
  "evidence",
  "fit",
  "access",
  "deals",
  "integrity",
  "disputes",
];

const anyDomain = `(${domains.join("|")})`;
const shellNames = "(queries|commands|records|actions|jobs)";
/** A shell file by its fixed name, one of several in a folder of that name, or the wrapper and session. */
const shell = `^lib/[^/]+/(${shellNames}\\.ts|${shellNames}/|user-action\\.ts|session\\.ts)`;
const tests = "\\.(test|fixture|drill|bench)\\.tsx?$";

const onlyLeftwards = domains.map((domain, place) => ({
  name: `${domain}-imports-only-from-its-left`,
  severity: "error",
  from: { path: `^lib/${domain}/`, pathNot: tests },
  to: { path: `^lib/(${domains.slice(place + 1).join("|") || "-"})/` },
}));

module.exports = {
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
      name: "shared-imports-nothing-of-ours",
      severity: "error",
      from: { path: "^lib/shared/", pathNot: tests },
      to: { path: "^(lib/(?!shared/)|app/|components/|prisma/)" },
    },
    {
      name: "platform-knows-no-domain",
      severity: "error",
      from: { path: "^lib/platform/", pathNot: tests },
      to: { path: `^lib/${anyDomain}/` },
    },
    {
      name: "lib-never-imports-upwards",
      severity: "error",
      from: { path: "^lib/", pathNot: tests },
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
      comment: "View types may come by `import type`; queries, commands, records and the database may not.",
      severity: "error",
      from: { path: "^components/" },
      to: {
        path: [
          `^lib/${anyDomain}/(queries|commands|records|jobs)(\\.ts$|/)`,
          "^lib/platform/db\\.ts$",
          "^prisma/",
        ],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "app-never-reads-rows",
      severity: "error",
      from: { path: "^app/", pathNot: tests },
      to: {
        path: [`^lib/${anyDomain}/records(\\.ts$|/)`, "^lib/platform/db\\.ts$", "^prisma/generated/"],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "pages-write-through-actions",
      comment: "Route handlers may run commands: they are the shell of machines.",
      severity: "error",
      from: { path: "^app/", pathNot: ["/route\\.ts$", tests] },
      to: { path: `^lib/${anyDomain}/commands(\\.ts$|/)`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "actions-are-for-forms",
      severity: "error",
      from: { path: "^lib/", pathNot: tests },
      to: { path: `^lib/${anyDomain}/actions(\\.ts$|/)` },
    },
    {
      name: "core-knows-no-shell",
      comment: "What is not a shell file and does not import server-only is core, and stays pure.",
      severity: "error",
      from: { path: `^lib/${anyDomain}/`, pathNot: [shell, tests] },
      to: { path: shell, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "the-command-line-needs-no-server",
      comment:
        "Whoever checks evidence has no database, no environment and no reason to trust this installation.",
      severity: "error",
      from: { path: "^lib/cli/", pathNot: tests },
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
      from: { pathNot: [tests, "^e2e/"] },
      to: { path: [tests, "^e2e/"] },
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
