import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The order of the domains and the names of their files: every rule about imports and purity is made from these. */

export const root = path.join(import.meta.dirname, "..", "..");

/** Each domain may import only those to its left. */
export const domains = [
  "shared",
  "platform",
  "artifact",
  "accounts",
  "ledger",
  "catalogue",
  "inference",
  "measurement",
  "statements",
  "log",
  "formats",
  "verification",
  "evidence",
  "selling",
  "terms",
  "access",
  "deals",
  "disputes",
];

/** Programs that people and machines start: they import any domain, and no domain imports them. */
export const doors = ["cli", "processes", "launch", "conventions"];

/** A file of one of these names, or in a folder of that name, is a shell: it may read the clock and the database. */
export const shellNames = ["queries", "commands", "records", "actions", "jobs", "session", "process"];

/** Domains that are shell throughout: what lies between the others and the machine. */
export const shellDomains = ["platform"];

export const anyDomain = `(${domains.join("|")})`;

/** Matches the path of every shell file from the root. */
export const shellPath = `^lib/(${shellDomains.join("|")})/|^lib/.+/(${shellNames.join("|")})(\\.ts$|/)`;

/** Matches files that only tests, drills and measurements run. */
export const testPath = "\\.(test|fixture|drill|bench)\\.tsx?$";

/** The tables of each domain, by the name of their model: `prisma/schema/<domain>.prisma` says whose they are. */
export function tableOwners() {
  const folder = path.join(root, "prisma", "schema");
  const owners = new Map();
  for (const file of readdirSync(folder)) {
    const schema = readFileSync(path.join(folder, file), "utf8");
    for (const [, model] of schema.matchAll(/^model (\w+) \{/gm)) {
      owners.set(model, path.basename(file, ".prisma"));
    }
  }
  return owners;
}
