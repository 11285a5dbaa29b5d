import { refuseMarked, refuseZip } from "./archive";
import { checkEvalArchive } from "./eval-archive";
import { FASTTEXT_MARK, checkFasttext } from "./fasttext";
import { checkGguf } from "./gguf";
import { NPY_MARK, checkNpy } from "./npy";
import { checkOnnx, looksLikeOnnx } from "./onnx";
import { isPickle, refusePickle } from "./pickle";
import { checkSafetensors } from "./safetensors";
import { indexFacts } from "./shards";
import {
  type ArtifactCheck,
  type ArtifactReader,
  type KeptFormat,
  StructureError,
  refused,
} from "./structure-cursor";
import { checkPackedRows, checkText, refuseZlib } from "./text";

const EDGE_BYTES = 66_000;

const KEPT =
  "Kept are safetensors, GGUF, ONNX, supervised fastText models, NumPy arrays of numbers (.npy), UTF-8 text such as JSON, YAML, Markdown and CSV, rows packed with gzip (.csv.gz, .jsonl.gz) or in Parquet, and Inspect logs (.eval)";

const TEXT_ENDINGS =
  "json jsonl ndjson yaml yml toml ini cfg txt text log md markdown rst csv tsv jinja bpe vocab merges tiktoken license sig bundle sigstore".split(
    " ",
  );
const ROWS_ENDINGS = ["csv.gz", "tsv.gz", "jsonl.gz", "ndjson.gz"];
/** Endings that name a format; what bears one and is not sound as that is told so. */
const CHECKS = { onnx: checkOnnx, safetensors: checkSafetensors, gguf: checkGguf, npy: checkNpy } as const;
const ZIP_MARK = [0x50, 0x4b, 0x03, 0x04];
const PARQUET_MARK = [0x50, 0x41, 0x52, 0x31];
/** Said of weights of any format, and by nothing opened as a program or a page. */
const ANY_WEIGHTS = ["bin", "dat", "model"];

/**
 * Finds out what a file is from its bytes and checks its structure. Only what is on the list is kept (`keptFormats`), under
 * a name that says nothing else; all else is refused with a code and the reason: what can run code when it is
 * opened, archives, unsound weights, and whatever is not recognised. Reads at most 64 MB of weights, and text to its
 * end, at most 1 GB; never throws on any bytes, only when the reader does.
 */
export async function checkArtifact(fileName: string, reader: ArtifactReader): Promise<ArtifactCheck> {
  if (reader.sizeBytes === 0) return refused("other", "empty", "The file is empty.");
  const name = fileName.toLowerCase();
  const edge = Math.min(EDGE_BYTES, reader.sizeBytes);
  const head = await reader.read(0, edge);
  const tail = await reader.read(reader.sizeBytes - edge, edge);
  const isEval = name.endsWith(".eval") && startsWith(head, ZIP_MARK);
  const unsafe = (isEval ? null : refuseZip(head, tail)) ?? (await refusePickled(reader));
  if (unsafe) return unsafe;
  if (isEval) return checkEvalArchive(reader);
  const check = await checkByContent(name, head, reader);
  return check.ok ? refuseOtherName(name, check) : check;
}

async function refusePickled(reader: ArtifactReader): Promise<ArtifactCheck | null> {
  try {
    return (await isPickle(reader)) ? refusePickle() : null;
  } catch (error) {
    if (!(error instanceof StructureError)) throw error;
    return refused("other", error.code, error.message);
  }
}

async function checkByContent(
  name: string,
  head: Uint8Array,
  reader: ArtifactReader,
): Promise<ArtifactCheck> {
  // Its first bytes are a length, which may look like any other mark.
  if (looksLikeSafetensors(head)) {
    const check = await checkSafetensors(reader);
    if (check.ok) return check;
  }
  const marked = refuseMarked(head) ?? (await refuseZlib(head, reader));
  if (marked) return marked;
  if (startsWith(head, [0x47, 0x47, 0x55, 0x46])) return checkGguf(reader);
  if (startsWith(head, FASTTEXT_MARK)) return checkFasttext(reader);
  if (startsWith(head, NPY_MARK)) return checkNpy(reader);
  if (startsWith(head, PARQUET_MARK)) return checkParquet(reader);
  if (startsWith(head, [0x1f, 0x8b])) return checkPackedRows(reader);
  const named = Object.entries(CHECKS).find(([ending]) => name.endsWith(`.${ending}`));
  if (named) return named[1](reader);
  if (looksLikeOnnx(head)) {
    const check = await checkOnnx(reader);
    if (check.ok || check.refusalCode === "external_data") return check;
  }
  const text = await checkText(reader);
  if (text.ok) return { ...text, facts: await indexFacts(name, reader) };
  if (text.refusalCode !== "not_listed") return text;
  return refused("other", "not_listed", `Its form is not known here. ${KEPT}.`);
}

/** Rows in columns: the mark stands at both ends, and the length of the directory before the last one. */
async function checkParquet(reader: ArtifactReader): Promise<ArtifactCheck> {
  const end = await reader.read(Math.max(0, reader.sizeBytes - 8), 8);
  const footerBytes = end.length === 8 ? new DataView(end.buffer, end.byteOffset).getUint32(0, true) : 0;
  const isSound =
    startsWith(end.subarray(4), PARQUET_MARK) && footerBytes > 0 && footerBytes <= reader.sizeBytes - 12;
  return isSound
    ? { format: "parquet", ok: true, facts: {} }
    : refused("parquet", "truncated", "This Parquet file is damaged or cut off.");
}

/** A name that says something else would be opened as that once it is downloaded. */
function refuseOtherName(name: string, check: ArtifactCheck & { ok: true }): ArtifactCheck {
  const format = check.format as KeptFormat;
  const endings = endingsOf(format);
  const isPlain = name.lastIndexOf(".") <= 0 && format !== "rows";
  if (isPlain || endings.some((ending) => name.endsWith(`.${ending}`))) return check;
  const what = format === "rows" ? "gzip" : format;
  const shown =
    endings.length > 6
      ? `${endings.slice(0, 10).map(dotted).join(", ")} or another ending of text`
      : endings.map(dotted).join(", ");
  return refused(format, "name_misleads", `It is ${what}, which is kept under a name that ends in ${shown}.`);
}

function endingsOf(format: KeptFormat): readonly string[] {
  if (format === "text") return TEXT_ENDINGS;
  if (format === "parquet" || format === "eval") return [format];
  if (format === "fasttext") return ["bin", "ftz", "fasttext"];
  return format === "rows" ? ROWS_ENDINGS : [format, ...ANY_WEIGHTS];
}

function dotted(ending: string): string {
  return `.${ending}`;
}

/** Eight bytes of length, then a JSON object: the length's upper bytes are zero in any real file. */
function looksLikeSafetensors(head: Uint8Array): boolean {
  return head[8] === 0x7b && head[4] === 0 && head[5] === 0 && head[6] === 0 && head[7] === 0;
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}
