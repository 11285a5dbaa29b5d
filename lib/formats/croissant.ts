import type { Cursor } from "@/lib/shared/cursor";
import { addTrap } from "./figure";
import { type ForeignDataOrigin, type ForeignImport, type Trap, emptyForeignDraft } from "./foreign-draft";
import type { ForeignInput } from "./foreign-source";
import { finishImport, isoDate, openJson, webAddress } from "./import-parts";

const PREFIXES = ["", "sc:", "schema:", "https://schema.org/", "cr:", "dct:"];
const LIMITS = [
  "rai:dataLimitations",
  "rai:dataBiases",
  "rai:personalSensitiveInformation",
  "rai:dataSocialImpact",
  "rai:dataUseCases",
];

/** Reads a Croissant description (1.0 and 1.1) as the origin of data. Departures from the format are warnings. */
export function importCroissant(_name: string, input: ForeignInput): ForeignImport {
  const opened = openJson("croissant", input);
  if ("refused" in opened) return opened.refused;
  const { cursor, traps, warnings } = opened;
  cursor.at("@context").take();
  cursor.at("@type").take();
  const get = (name: string) => named(cursor, name);
  judgeVersion(get("conformsTo"), traps);
  const licences = get("license")
    .list()
    .map(nameOrAddress)
    .filter((text) => text !== null);
  const origin: ForeignDataOrigin = {
    name: get("name").text(200) ?? "",
    description: get("description").text(4_000),
    url: webAddress(get("url").text(2_000)),
    licence: licences[0] ?? null,
    creators: get("creator")
      .list()
      .map(nameOrAddress)
      .filter((text) => text !== null),
    publishedOn: isoDate(get("datePublished").text(60)),
    version: get("version").text(60),
    use: "not_stated",
    files: readFiles(get("distribution"), traps, warnings),
    fields: readFields(get("recordSet")),
    limitations: LIMITS.flatMap((key) =>
      cursor.first(key, `http://mlcommons.org/croissant/RAI/${key.slice(4)}`).texts(),
    ),
    derivedFrom: ["prov:wasDerivedFrom", "wasDerivedFrom"]
      .flatMap((key) => cursor.at(key).list().map(nameOrAddress))
      .filter((text) => text !== null),
  };
  warnings.push(...whatIsMissing(origin, get));
  if (licences.length > 1) get("license").note("Only the first licence could be kept.");
  const draft = emptyForeignDraft();
  draft.dataOrigins = [origin];
  draft.limitations = origin.limitations;
  draft.listing = { dataOrigins: [listingOrigin(origin)] };
  return finishImport("croissant", draft, cursor, traps, warnings);
}

function named(cursor: Cursor, name: string): Cursor {
  return cursor.first(...PREFIXES.map((prefix) => prefix + name));
}

/** Text, or the name or address of a described person, organisation, licence or data set. */
function nameOrAddress(member: Cursor): string | null {
  return member.text(500) ?? named(member, "name").text(500) ?? member.first("url", "@id").text(500);
}

function judgeVersion(found: Cursor, traps: Trap[]): void {
  const stated = found.list().map((member) => member.text(200) ?? member.at("@id").text(200) ?? "");
  if (!stated.some((text) => /mlcommons\.org\/croissant\/1\.[01]$/.test(text))) {
    const message = `It says it follows ${stated[0] || "nothing"}, not Croissant 1.0 or 1.1.`;
    addTrap(traps, "unsupported_version", message);
  }
}

function readFiles(distribution: Cursor, traps: Trap[], warnings: string[]): ForeignDataOrigin["files"] {
  const files: ForeignDataOrigin["files"] = [];
  const seen = new Set<string>();
  let unchecked = 0;
  for (const file of distribution.list().slice(0, 1_000)) {
    const type = file.at("@type").text(100) ?? "";
    const id = file.at("@id").text(300) ?? named(file, "name").text(300) ?? "";
    if (seen.has(id)) addTrap(traps, "repeated_id", `Two files are called "${id.slice(0, 100)}".`);
    seen.add(id);
    const digest = named(file, "sha256").text(100);
    const isFile = /FileObject$/.test(type);
    if (isFile && digest === null && !file.has("containedIn")) unchecked += 1;
    const address = webAddress(named(file, "contentUrl").text(2_000));
    for (const key of ["name", "encodingFormat"]) named(file, key).take();
    if (isFile) files.push({ name: id, url: address, sha256: sha256OrNull(digest) });
  }
  if (unchecked > 0) {
    warnings.push(`${unchecked} files have no SHA-256, so nobody can tell later whether they are the same.`);
  }
  return files;
}

function readFields(recordSets: Cursor): string[] {
  const fields: string[] = [];
  for (const set of recordSets.list().slice(0, 500)) {
    named(set, "name").take();
    for (const field of named(set, "field").list().slice(0, 500)) {
      const name = field.at("@id").text(200) ?? named(field, "name").text(200);
      named(field, "name").take();
      field.at("@type").take();
      named(field, "dataType").take();
      if (name !== null && fields.length < 1_000) fields.push(name);
    }
  }
  return fields;
}

function whatIsMissing(origin: ForeignDataOrigin, get: (name: string) => Cursor): string[] {
  const missing: string[] = [];
  const lacks = (what: string, value: unknown) => {
    if (value === null || value === "" || (Array.isArray(value) && value.length === 0))
      missing.push(`The format asks for ${what}, and it is missing.`);
  };
  lacks("a name", origin.name);
  lacks("a description", origin.description);
  lacks("an address", origin.url);
  lacks("a licence", origin.licence);
  lacks("a creator", origin.creators);
  lacks("a date of publication", get("datePublished").value ?? null);
  const isNamed = origin.licence !== null && /^(https?:\/\/|[A-Za-z]+-?[\w.+-]*\d)/.test(origin.licence);
  if (origin.licence !== null && !isNamed && !/^(mit|unlicense)$/i.test(origin.licence)) {
    missing.push(
      `The licence "${origin.licence.slice(0, 80)}" is neither an address nor a known short name.`,
    );
  }
  return missing;
}

function listingOrigin(origin: ForeignDataOrigin) {
  return {
    name: origin.name.slice(0, 200),
    source: origin.creators.join(", ").slice(0, 500),
    licence: (origin.licence ?? "").slice(0, 200),
    url: (origin.url ?? "").slice(0, 500),
    use: "training" as const,
    rowCount: "",
  };
}

function sha256OrNull(text: string | null): string | null {
  return text !== null && /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : null;
}
