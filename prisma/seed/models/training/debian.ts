import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { fnv1a } from "@/lib/inference/text-hash";

export type DebianPackage = { name: string; source: string; section: string; description: string };

const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

/** The package catalogue of this Debian machine (after `apt-get update`), name order. */
export function listDebianPackages(): DebianPackage[] {
  const text = execFileSync("/usr/bin/apt-cache", ["dumpavail"], { maxBuffer: MAX_OUTPUT_BYTES }).toString(
    "utf8",
  );
  const packages = text.split("\n\n").flatMap((stanza) => {
    const name = field(stanza, "Package");
    const description = field(stanza, "Description");
    const section = field(stanza, "Section");
    if (!name || !description || !section) return [];
    return [{ name, description, section, source: (field(stanza, "Source") ?? name).replace(/ .*/, "") }];
  });
  return packages.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Short descriptions in one language, from package lists fetched into `folder`/lists by
 * `apt-get update -o Dir::State::lists=FOLDER/lists -o Acquire::Languages=da,de,…`.
 */
export function listTranslatedDescriptions(folder: string, language: string): Map<string, string> {
  const lists = path.join(folder, "lists");
  const file = readdirSync(lists).find((name) =>
    name.includes(`bookworm_main_i18n_Translation-${language}.`),
  );
  if (!file) throw new RangeError(`no package list in ${language}`);
  const options = { maxBuffer: MAX_OUTPUT_BYTES };
  const text = execFileSync(
    "/usr/lib/apt/apt-helper",
    ["cat-file", path.join(lists, file)],
    options,
  ).toString("utf8");
  const found = new Map<string, string>();
  for (const stanza of text.split("\n\n")) {
    const name = field(stanza, "Package");
    const description = field(stanza, `Description-${language}`);
    if (name && description) found.set(name, description);
  }
  return found;
}

/** Which half of the sources a source package belongs to: no package family is in both. */
export function halfOf(source: string): "discovery" | "attestation" {
  return fnv1a(`half:${source}`) % 3 === 0 ? "discovery" : "attestation";
}

/** A number for a source, for clustering; says nothing about the source itself. */
export function clusterOf(source: string): number {
  return fnv1a(`cluster:${source}`);
}

function field(stanza: string, name: string): string | undefined {
  const match = new RegExp(`^${name}: (.*)$`, "m").exec(stanza);
  return match?.[1]?.trim();
}
