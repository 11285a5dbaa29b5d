import { type ForeignFormat } from "./foreign-draft";
import { type ForeignInput, NOT_JSON, readJson, readText } from "./foreign-source";
import { jsonFaultLine } from "./json-fault";
import { isParquet } from "./parquet-lines";
import { quoteInexact } from "@/lib/measurement/exact-json";
import { isObject } from "@/lib/shared/is-object";

const ZIP_MARK = [0x50, 0x4b, 0x03, 0x04];
/** Longest line that is looked at to recognise JSON Lines. */
const FIRST_LINE_CHARACTERS = 1_000_000;

/** Which format a file is in, by what it holds rather than by its name. Never throws. */
export function detectFormat(name: string, input: ForeignInput): ForeignFormat {
  if (isParquet(input)) return "parquet";
  if (typeof input !== "string" && ZIP_MARK.every((byte, at) => input[at] === byte)) return "inspect-archive";
  const read = readText(input);
  if ("problem" in read) return byName(name);
  const { text } = read;
  const isYaml = /\.ya?ml$/i.test(name);
  if (/\.(jsonl|ndjson)$/i.test(name)) return lineFormat(firstLine(text)) ?? "unknown";
  if (isYaml) return looksLikeEvalResults(text) ? "hf-eval-results" : "unknown";
  if (/^\s*[[{]/.test(text)) {
    const { value } = readJson(text);
    if (value !== undefined) return formatOf(value, name);
    return lineFormat(firstLine(text)) ?? byName(name);
  }
  if (/\.(md|markdown)$/i.test(name) || /^---\r?\n/.test(text)) return "hf-model-card";
  return byName(name);
}

/** The format of a parsed JSON document. */
export function formatOf(value: unknown, name = ""): ForeignFormat {
  if (!isObject(value)) return "unknown";
  if (value["bomFormat"] === "CycloneDX") return "cyclonedx";
  if (typeof value["schema_version"] === "string" && Array.isArray(value["evaluation_results"]))
    return "every-eval-ever";
  if (isBundle(value)) return "model-signing";
  const run = value["eval"];
  if (isObject(run) && typeof run["task"] === "string" && "status" in value) return "inspect-log";
  if (isCroissant(value)) return "croissant";
  const general = value["config_general"];
  if (
    isObject(general) &&
    isObject(value["results"]) &&
    ("lighteval_sha" in general || "config_tasks" in value)
  )
    return "lighteval-results";
  const marks = ["n-samples", "higher_is_better", "configs", "n-shot", "versions", "lm_eval_version"];
  if (isObject(value["results"]) && marks.some((mark) => mark in value)) return "lm-eval-results";
  return lineFormat(value) ?? byName(name);
}

function isBundle(value: Record<string, unknown>): boolean {
  const type = value["mediaType"];
  return (
    (typeof type === "string" && type.startsWith("application/vnd.dev.sigstore.bundle")) ||
    (isObject(value["dsseEnvelope"]) && isObject(value["verificationMaterial"]))
  );
}

function isCroissant(value: Record<string, unknown>): boolean {
  const types = [value["@type"]].flat();
  const isDataSet = types.some((type) => typeof type === "string" && /(^|[:/])Dataset$/.test(type));
  return isDataSet && "@context" in value;
}

/** The format of rows, by one of them; null for none. */
function lineFormat(value: unknown): ForeignFormat | null {
  if (!isObject(value)) return null;
  if ("doc_id" in value && ("filtered_resps" in value || "resps" in value)) return "lm-eval-samples";
  if ("sample_id" in value && "evaluation_id" in value && isObject(value["evaluation"]))
    return "every-eval-ever-instances";
  const isDetail = isObject(value["doc"]) && isObject(value["metric"]) && isObject(value["model_response"]);
  const isEarlier = isObject(value["metrics"]) && "predictions" in value && "gold_index" in value;
  return isDetail || isEarlier ? "lighteval-details" : null;
}

/** Why a file that begins like JSON is none, with the line; null for JSON, for lines of it, and for anything else. */
export function notJson(name: string, input: ForeignInput): string | null {
  const read = readText(input);
  if ("problem" in read || /\.(md|markdown|jsonl|ndjson)$/i.test(name) || !/^\s*[[{]/.test(read.text))
    return null;
  if (readJson(read.text).problem !== NOT_JSON || firstLine(read.text) !== undefined) return null;
  const line = jsonFaultLine(quoteInexact(read.text).text);
  return line === null ? NOT_JSON : `The file is not JSON: line ${line} is wrong or breaks off.`;
}

function firstLine(text: string): unknown {
  const begun = text.slice(0, FIRST_LINE_CHARACTERS).trimStart();
  return readJson(/^[^\r\n]*/.exec(begun)?.[0] ?? "").value;
}

function looksLikeEvalResults(text: string): boolean {
  // Each looks within a line, so that no line is looked at twice.
  return (
    /^[ \t]*-\s/m.test(text) && /^[ \t-]*dataset[ \t]*:/m.test(text) && /^[ \t-]*value[ \t]*:/m.test(text)
  );
}

/** For files that cannot be read: the name says at least what they were meant to be. */
function byName(name: string): ForeignFormat {
  return /\.bundle(\.json)?$|(^|\/)model\.sig$|\.sigstore(\.json)?$/i.test(name)
    ? "model-signing"
    : "unknown";
}
