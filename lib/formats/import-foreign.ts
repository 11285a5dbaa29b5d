import { importCroissant } from "./croissant";
import { importCycloneDx } from "./cyclonedx";
import { detectFormat } from "./detect-format";
import { importEveryEvalEver } from "./every-eval-ever";
import { type ForeignFormat, type ForeignImport, emptyForeignDraft, incompleteTraps } from "./foreign-draft";
import type { ForeignInput } from "./foreign-source";
import { importHfEvalResults } from "./hf-eval-results";
import { importHfModelCard } from "./hf-model-card";
import { importInspectLog } from "./inspect-log";
import { importLmEvalResults } from "./lm-eval-results";
import { type SamplesOptions, importLmEvalSamples } from "./lm-eval-samples";
import { type ModelSigningOptions, importModelSigning } from "./model-signing";

export type ForeignOptions = SamplesOptions & ModelSigningOptions;

/** Reads a file in any of the known formats, recognised by its content. Never throws, whatever the bytes. */
export async function importForeign(
  name: string,
  input: ForeignInput,
  options: ForeignOptions = {},
): Promise<ForeignImport> {
  return importAs(detectFormat(name, input), name, input, options);
}

/** Reads a file as the format its owner says it is. Never throws, whatever the bytes. */
export async function importAs(
  format: ForeignFormat,
  name: string,
  input: ForeignInput,
  options: ForeignOptions = {},
): Promise<ForeignImport> {
  switch (format) {
    case "hf-model-card":
      return importHfModelCard(name, input);
    case "hf-eval-results":
      return importHfEvalResults(name, input);
    case "lm-eval-results":
      return importLmEvalResults(name, input);
    case "lm-eval-samples":
      return importLmEvalSamples(name, input, options);
    case "inspect-log":
      return importInspectLog(name, input);
    case "every-eval-ever":
      return importEveryEvalEver(name, input);
    case "cyclonedx":
      return importCycloneDx(name, input);
    case "model-signing":
      return importModelSigning(name, input, options);
    case "croissant":
      return importCroissant(name, input);
    case "unknown":
      return {
        format: "unknown",
        draft: emptyForeignDraft(),
        notMapped: [{ path: "file", value: "", reason: "It is in none of the formats known here." }],
        traps: [{ code: "not_a_known_format", message: "It is in none of the formats known here." }],
        warnings: [],
        mappedCount: 0,
      };
  }
}

export type ForeignVerdict =
  /** Read, and nothing in it speaks against its own figures. */
  | "read"
  /** Read, with traps to look at. */
  | "read with traps"
  /** The figures do not rest on the whole data set: never full evidence. */
  | "incomplete"
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
  if (traps.some(({ code }) => incompleteTraps.includes(code))) return "incomplete";
  return traps.length > 0 ? "read with traps" : "read";
}
