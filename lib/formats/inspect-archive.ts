import { StructureError } from "@/lib/artifact/structure-cursor";
import { EVAL_HEADERS } from "@/lib/artifact/eval-archive";
import { type ZipArchive, openZip } from "@/lib/artifact/zip-archive";
import { Cursor } from "@/lib/shared/cursor";
import { decodeUtf8 } from "@/lib/shared/encoding";
import { isObject } from "@/lib/shared/is-object";
import { addTrap } from "./figure";
import { type ForeignImport, emptyForeignDraft } from "./foreign-draft";
import { type ForeignInput, readJson } from "./foreign-source";
import { type Reading, finishImport, refusedImport } from "./import-parts";
import { readInspectLog } from "./inspect-log";

/** What is kept of a sample; its messages and events may be a thousand times as long. */
const KEPT = [
  "id",
  "epoch",
  "input",
  "target",
  "choices",
  "metadata",
  "scores",
  "invalidation",
  "error",
] as const;
const WHOLE_SAMPLE = /^samples\/.+_epoch_\d+\.json$/;
/** A sample that was written in pieces: its messages and events lie in files of their own. */
const SAMPLE_SHELL = /^(samples\/.+_epoch_\d+)\/sample\.json$/;

/** The parts of an archive cannot be read, and this is why. */
class UnreadableEntry extends Error {}

/**
 * Reads an Inspect log in its own archive (.eval): a zip of `header.json`, a file for each sample, and their
 * summaries. Entries are unpacked one at a time, within `ZIP_LIMITS`; one that cannot be read gives no rows at all.
 */
export async function importInspectArchive(_name: string, input: ForeignInput): Promise<ForeignImport> {
  if (typeof input === "string") return refusedImport("inspect-archive", "It is text, and no archive.");
  const bytes = input;
  try {
    const archive = await openZip({
      sizeBytes: bytes.length,
      read: async (offset, length) => bytes.subarray(offset, offset + length),
    });
    return await readArchive(archive);
  } catch (error) {
    if (!(error instanceof StructureError || error instanceof UnreadableEntry)) throw error;
    return refusedImport("inspect-archive", error.message);
  }
}

async function readArchive(archive: ZipArchive): Promise<ForeignImport> {
  const { header, hasBareNumbers } = await readHeader(archive);
  const found = await readSamples(archive);
  const log = found.samples === null ? header : { ...header, samples: found.samples };
  const reading: Reading = {
    cursor: Cursor.over(log),
    draft: emptyForeignDraft(),
    traps: [],
    warnings: [],
  };
  if (hasBareNumbers || found.hasBareNumbers)
    addTrap(reading.traps, "not_a_number", "The file holds NaN or Infinity where a number belongs.");
  const summaries = await readSummaries(archive);
  const missing = found.samples === null ? 0 : summaries.length - found.samples.length;
  if (found.samples === null && summaries.length > 0) {
    reading.cursor = Cursor.over({ ...header, samples: summaries });
    reading.warnings.push("The archive holds no samples; rows follow their summaries.");
  } else if (missing > 0) {
    const message = `${missing} samples of its summary are not in the archive.`;
    addTrap(reading.traps, "dropped_rows", message);
  }
  readInspectLog(reading);
  const finished = finishImport("inspect-archive", reading);
  const reason = "Messages and events of samples, journals and sums; the file itself keeps them.";
  const others = archive.entries.size - 1 - (found.samples?.length ?? 0);
  const rest = others > 0 ? [{ path: "archive", value: `${others} other files`, reason }] : [];
  return { ...finished, notMapped: [...finished.notMapped, ...rest] };
}

/** The header; of a run that broke off, how it began. */
async function readHeader(
  archive: ZipArchive,
): Promise<{ header: Record<string, unknown>; hasBareNumbers: boolean }> {
  const name = EVAL_HEADERS.find((header) => archive.entries.has(header));
  if (name === undefined)
    throw new UnreadableEntry("This is a zip archive, and no Inspect log: it has no header.json.");
  const { value, hasBareNumbers } = await readEntry(archive, name);
  if (!isObject(value) || !isObject(value["eval"]))
    throw new UnreadableEntry(`${name} in it does not say what was evaluated.`);
  return { header: name === EVAL_HEADERS[0] ? value : { ...value, status: "started" }, hasBareNumbers };
}

async function readSamples(
  archive: ZipArchive,
): Promise<{ samples: Record<string, unknown>[] | null; hasBareNumbers: boolean }> {
  const samples: Record<string, unknown>[] = [];
  let hasBare = false;
  for (const name of archive.entries.keys()) {
    const shell = SAMPLE_SHELL.exec(name)?.[1];
    if (shell === undefined && !WHOLE_SAMPLE.test(name)) continue;
    const { value, hasBareNumbers } = await readEntry(archive, name);
    if (!isObject(value)) throw new UnreadableEntry(`${name} in it is no sample, so no rows were taken.`);
    hasBare ||= hasBareNumbers;
    const apart = `${shell ?? ""}/metadata.json`;
    const metadata = archive.entries.has(apart) ? (await readEntry(archive, apart)).value : value["metadata"];
    samples.push(slim({ ...value, metadata }));
  }
  return { samples: samples.length > 0 ? samples : null, hasBareNumbers: hasBare };
}

async function readSummaries(archive: ZipArchive): Promise<Record<string, unknown>[]> {
  if (!archive.entries.has("summaries.json")) return [];
  const { value } = await readEntry(archive, "summaries.json");
  return Array.isArray(value) ? (value as unknown[]).filter(isObject).map(slim) : [];
}

function slim(sample: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.fromEntries(KEPT.flatMap((key) => (key in sample ? [[key, sample[key]]] : [])));
  const { scores } = sample;
  if (!isObject(scores)) return kept;
  const slimmed = Object.entries(scores).map(([scorer, score]): [string, unknown] => {
    if (!isObject(score)) return [scorer, score];
    const { value, answer, history } = score;
    return [scorer, { value, answer, history }];
  });
  return { ...kept, scores: Object.fromEntries(slimmed) };
}

async function readEntry(
  archive: ZipArchive,
  name: string,
): Promise<{ value: unknown; hasBareNumbers: boolean }> {
  const entry = archive.entries.get(name);
  const text = entry ? decodeUtf8(await archive.unpack(entry)) : null;
  const read = readJson(text ?? "");
  if (text === null || read.problem !== null)
    throw new UnreadableEntry(
      `${name.slice(0, 200)} in it cannot be read: ${read.problem ?? "it is not UTF-8."}`,
    );
  return read;
}
