import { importCroissant } from "./croissant";
import { importCycloneDx } from "./cyclonedx";
import { detectFormat, notJson } from "./detect-format";
import { importEveryEvalEver } from "./every-eval-ever";
import { importEveryEvalEverInstances } from "./every-eval-ever-instances";
import { addTrap } from "./figure";
import { type ForeignFormat, type ForeignImport, incompleteTraps } from "./foreign-draft";
import type { ForeignInput } from "./foreign-source";
import { importHfEvalResults } from "./hf-eval-results";
import { importHfModelCard } from "./hf-model-card";
import { refusedImport } from "./import-parts";
import { importInspectArchive } from "./inspect-archive";
import { importInspectLog } from "./inspect-log";
import { importLightEvalDetails } from "./lighteval-details";
import { importLightEvalResults } from "./lighteval-results";
import { importLmEvalResults } from "./lm-eval-results";
import { type SamplesOptions, importLmEvalSamples } from "./lm-eval-samples";
import { importParquet } from "./parquet-import";
import { type ModelSigningOptions, importModelSigning } from "./model-signing";

export type ForeignOptions = SamplesOptions & ModelSigningOptions;

type Importer = (
  name: string,
  input: ForeignInput,
  options: ForeignOptions,
) => ForeignImport | Promise<ForeignImport>;

const importers: Record<ForeignFormat, Importer> = {
  "hf-model-card": importHfModelCard,
  "hf-eval-results": importHfEvalResults,
  "lm-eval-results": importLmEvalResults,
  "lm-eval-samples": importLmEvalSamples,
  "lighteval-results": importLightEvalResults,
  "lighteval-details": importLightEvalDetails,
  "inspect-log": importInspectLog,
  "inspect-archive": importInspectArchive,
  "every-eval-ever": importEveryEvalEver,
  "every-eval-ever-instances": importEveryEvalEverInstances,
  parquet: importParquet,
  cyclonedx: importCycloneDx,
  "model-signing": importModelSigning,
  croissant: importCroissant,
  unknown: (name, input) =>
    refusedImport(
      "unknown",
      notJson(name, input) ?? "It is in none of the formats known here.",
      "not_a_known_format",
    ),
};

/** Reads a file in any of the known formats, recognised by its content. Never throws, whatever the bytes. */
export async function importForeign(
  name: string,
  input: ForeignInput,
  options: ForeignOptions = {},
): Promise<ForeignImport> {
  const found = await importAs(detectFormat(name, input), name, input, options);
  const part = partOf(name);
  if (part !== null && found.draft.rows.length + found.draft.figures.length > 0)
    addTrap(
      found.traps,
      "incomplete_run",
      `By its name the file is ${part}: it does not hold the whole run.`,
    );
  return found;
}

/** Programs that write a run in parts say so in names: `…-00001-of-00004`, or a folder of shards. */
function partOf(name: string): string | null {
  const [, place, count] = /-(\d{5})-of-(\d{5})(?!\d)/.exec(name) ?? [];
  if (place !== undefined && Number(count) > 1) return `part ${Number(place) + 1} of ${Number(count)}`;
  return /\.shards\/\d+\//.test(name) ? "one of several shards" : null;
}

/** Reads a file as the format its owner says it is. Never throws, whatever the bytes. */
export async function importAs(
  format: ForeignFormat,
  name: string,
  input: ForeignInput,
  options: ForeignOptions = {},
): Promise<ForeignImport> {
  return importers[format](name, input, options);
}

export type ForeignVerdict =
  /** Read, and nothing in it speaks against its own figures. */
  | "read"
  /** Read, with traps to look at. */
  | "read with traps"
  /** The figures do not rest on the whole data set: never full evidence. */
  | "incomplete"
  /** Whoever ran it takes it back. */
  | "withdrawn"
  | "signature holds"
  | "signature not checked"
  | "signature unsupported"
  | "forged"
  | "refused"
  | "not a known format";

/** What a file is good for, in one word for a list. */
export function verdictOf({ format, draft, traps }: ForeignImport): ForeignVerdict {
  if (format === "unknown") return "not a known format";
  if (traps.some(({ code }) => code === "not_readable")) return "refused";
  if (draft.signature) {
    const { state } = draft.signature;
    if (state === "verified") return "signature holds";
    if (state === "forged") return "forged";
    if (state === "unsupported") return "signature unsupported";
    return state === "malformed" ? "refused" : "signature not checked";
  }
  if (traps.some(({ code }) => code === "withdrawn")) return "withdrawn";
  if (traps.some(({ code }) => incompleteTraps.includes(code))) return "incomplete";
  return traps.length > 0 ? "read with traps" : "read";
}
