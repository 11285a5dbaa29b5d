import { type Completeness, completenessOf, statementsAbout } from "@/lib/statements/completeness";
import { completenessText } from "@/lib/statements/completeness-text";
import { isSenseFault } from "@/lib/statements/sense-fault";
import { tombstoneKind } from "@/lib/statements/kinds/tombstone";
import type { LogEntry } from "./read-log";
import { type Row, cannotCheck, failedRow, notChecked, verified } from "./row";

export type StatementEntry = Extract<LogEntry, { state: "statement" }>;

export type Count = Completeness<StatementEntry> & {
  text: string;
  /** Entries that might be about the model and that nobody can read. */
  unavailable: Extract<LogEntry, { state: "payload_unavailable" }>[];
  faulty: Extract<LogEntry, { state: "faulty" }>[];
};

/** Counts what a whole log says about a model, or all of it, by the same rule as the pages. */
export function countStatements(entries: readonly LogEntry[], modelDigest: string | null): Count {
  const statements = entries.filter((entry) => entry.state === "statement");
  const about = modelDigest === null ? statements : statementsAbout(modelDigest, statements);
  const count = completenessOf(about);
  return {
    ...count,
    text:
      modelDigest === null
        ? `All ${count.total} statements of the log: ${count.adverse} adverse, ${count.withdrawn} withdrawn`
        : completenessText(count),
    unavailable: entries.filter((entry) => entry.state === "payload_unavailable"),
    faulty: entries.filter((entry) => entry.state === "faulty"),
  };
}

/**
 * What the count rests on. An erasure that a tombstone in the log explains is no fault; any other entry whose
 * payload is withheld could be about the model, so the count cannot be called whole.
 */
export function completenessRows(entries: readonly LogEntry[], count: Count): Row[] {
  const explained = new Set(entries.flatMap(erasedLeaf));
  const withheld = count.unavailable.filter(({ leafHash }) => !explained.has(leafHash));
  const erased = count.unavailable.length - withheld.length;
  return [
    verified("log", `every tile and all ${entries.length} entries compared with the signed root`),
    ...faultyRows(count.faulty),
    ...(erased === 0
      ? []
      : [notChecked("statement", `${erased} erased by law, each with a tombstone in the log`, "erased")]),
    ...(withheld.length === 0
      ? []
      : [
          cannotCheck(
            "statement",
            "payload_unavailable",
            `payload unavailable: ${listed(withheld)} may be about these files, and nobody gives out what was signed`,
            "unreachable",
          ),
        ]),
  ];
}

/** One row for each reason. */
function faultyRows(faulty: Count["faulty"]): Row[] {
  const reasons = new Map(faulty.map(({ why, code = "faulty_entries" }) => [why, code]));
  return [...reasons].map(([why, code]) => {
    const check = isSenseFault(code) || code === "statement_malformed" ? "statement" : "speaker";
    const entries = faulty.filter((entry) => entry.why === why);
    return failedRow(code === "faulty_entries" ? "log" : check, code, `${listed(entries)}: ${why}`);
  });
}

function listed(entries: readonly { index: bigint }[]): string {
  const shown = entries.slice(0, 10).map(({ index }) => index.toString());
  const more = entries.length > shown.length ? ` and ${entries.length - shown.length} more` : "";
  return `${entries.length === 1 ? "entry" : "entries"} ${shown.join(", ")}${more}`;
}

function erasedLeaf(entry: LogEntry): string[] {
  if (entry.state !== "statement" || entry.statement.predicateType !== tombstoneKind.predicateType) return [];
  const read = tombstoneKind.schema.safeParse(entry.statement.predicate);
  return read.success ? [(read.data as { leafHash: string }).leafHash] : [];
}

/** What a site says of the same files: its own list, to be held against the log. */
export type SiteList = {
  logSize: bigint;
  leafHashes: Set<string>;
  total: number;
  adverse: number;
  withdrawn: number;
};

/** Reads a site's list; null when it has another form. */
export function readSiteList(answer: unknown): SiteList | null {
  const { statements, total, adverse, withdrawn, logSize } = (answer ?? {}) as Record<string, unknown>;
  if (!Array.isArray(statements) || !/^\d{1,19}$/.test(String(logSize))) return null;
  if (![total, adverse, withdrawn].every(Number.isSafeInteger)) return null;
  const leafHashes = statements.map((one) => (one as { leafHash?: unknown } | null)?.leafHash);
  return {
    logSize: BigInt(String(logSize)),
    leafHashes: new Set(leafHashes.filter((hash) => typeof hash === "string")),
    total: total as number,
    adverse: adverse as number,
    withdrawn: withdrawn as number,
  };
}

/**
 * Holds the site's list against what the log itself gave. Only lists of the very same entries are compared as a whole:
 * one that ends earlier proves nothing about the rest, and one that goes on may leave out none of these.
 */
export function compareWithSite(count: Count, site: SiteList, size: bigint): Row {
  const own = count.statements.filter(({ index }) => index < site.logSize);
  const left = own.filter(({ leafHash }) => !site.leafHashes.has(leafHash));
  if (left.length > 0) return failedRow("address", "site_omits", `the site leaves out ${listed(left)}`);
  // What nobody can read may well be what the site says it is.
  const unread = [...count.unavailable, ...count.faulty];
  const possible = new Set([...count.statements, ...unread].map(({ leafHash }) => leafHash));
  const invented = [...site.leafHashes].filter((hash) => !possible.has(hash));
  if (site.logSize <= size && invented.length > 0)
    return failedRow("address", "site_adds", `the site lists ${invented.length} that the log does not hold`);
  if (site.logSize < size) {
    const ends = `the site's own list ends at ${site.logSize} of ${size} entries`;
    return cannotCheck("address", "site_behind", ends, "unreachable");
  }
  const at = `the site's own list at ${site.logSize} entries`;
  if (site.logSize > size || unread.length > 0)
    return verified("address", `${at} leaves out none of these; its counts were not compared`);
  const isSame =
    site.total === count.total && site.adverse === count.adverse && site.withdrawn === count.withdrawn;
  return isSame
    ? verified("address", `${at} is the same`)
    : failedRow(
        "address",
        "site_counts",
        `the site counts ${site.total}, ${site.adverse} adverse, ${site.withdrawn} withdrawn`,
      );
}
