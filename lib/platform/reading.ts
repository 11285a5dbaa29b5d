import "server-only";
import { DomainError } from "@/lib/shared/domain-error";
import { log } from "./log";
import { projectRoot } from "./isolation";
import { runInSandbox } from "./sandbox";
import { type SandboxFailure, type SandboxProgram, SandboxError } from "./sandbox-child";
import { Turns } from "./turns";

/**
 * What is read apart from this process, by name; each domain adds its own. A reader is pure, its input and what it
 * finds are plain JSON, and `lib/processes/readers.ts` says where it is.
 */
export interface Readers {} // eslint-disable-line @typescript-eslint/no-empty-object-type

export type Progress = (count: number, word: string) => void;
export type Reader<Input, Found, File = Uint8Array> = (
  input: Input,
  file: File,
  onProgress: Progress,
) => Found | Promise<Found>;

type InputOf<Name extends keyof Readers> = Parameters<Readers[Name]>[0];
type FoundBy<Name extends keyof Readers> = Awaited<ReturnType<Readers[Name]>>;

/** A file to be read, opened when its turn comes: its bytes are handed on and never held here. */
export type FileToRead = { sizeBytes: number; open: () => Promise<AsyncIterable<Uint8Array>> };

/** A file of any size, of which its reader asks for the pieces it needs. */
export type FileInPieces = {
  sizeBytes: number;
  /** Exactly `lengthBytes` bytes from `offsetBytes`, fewer only at the end. */
  read: (offsetBytes: number, lengthBytes: number) => Promise<Uint8Array>;
};

type Limits = {
  heapMegabytes: number;
  /** Of processor time. */
  seconds: number;
  /** By the clock, on a machine that has much else to do. */
  wallSeconds: number;
  waiting: number;
  outputBytes: number;
};

/**
 * Words a person typed; files that are read whole; and files that are looked into for what they are. One of each is read
 * at a time by this process, so none waits for another.
 */
export const readingLimits = {
  words: {
    heapMegabytes: 128,
    seconds: 3,
    wallSeconds: 20,
    waiting: 40,
    outputBytes: 4 * 1024 ** 2,
  },
  files: {
    heapMegabytes: 448,
    seconds: 20,
    wallSeconds: 90,
    waiting: 10,
    outputBytes: 32 * 1024 ** 2,
  },
  pieces: {
    heapMegabytes: 448,
    seconds: 60,
    wallSeconds: 300,
    waiting: 40,
    outputBytes: 1024 ** 2,
  },
} as const satisfies Record<string, Limits>;
type LaneName = keyof typeof readingLimits;

/** Nobody waits longer for their turn. */
const WAIT_SECONDS = 20;
/** An upload has come whole by then, so it waits as long as one before it may take. */
const UPLOAD_WAIT_SECONDS = 300;
/** As many as an account may upload at once. */
const UPLOADS_OF_ACCOUNT = 4;

type Queues = { texts: Turns<"words" | "files">; uploads: Turns<"pieces"> };
const holder = globalThis as { offcutReading?: Queues };

/** For this process, however often a bundle loads this file. */
function queues(): Queues {
  const { words, files, pieces } = readingLimits;
  return (holder.offcutReading ??= {
    texts: new Turns({ words: words.waiting, files: files.waiting }, WAIT_SECONDS),
    uploads: new Turns({ pieces: pieces.waiting }, UPLOAD_WAIT_SECONDS, UPLOADS_OF_ACCOUNT),
  });
}

export type ReadingUsage = { processorMs: number; peakKilobytes: number };

type ReadApart = {
  /** One reader works for an account at a time. */
  accountId: string;
  /** What it is called in a refusal: "The description", "rows.csv". */
  called: string;
  file?: FileToRead;
  pieces?: FileInPieces;
  onProgress?: Progress;
  onUsage?: (usage: ReadingUsage) => void;
};

/**
 * Reads what a stranger wrote in a process of its own, without network, environment, or files but the sources.
 * Throws `reading_gave_up` where that took too much time or memory, and `reading_busy` where too many wait already or
 * two of the same account do; this process and other people's work are never harmed. Not within a transaction.
 */
export async function readApart<Name extends keyof Readers>(
  name: Name,
  input: InputOf<Name>,
  about: ReadApart,
): Promise<FoundBy<Name>> {
  const { accountId, file, pieces } = about;
  if (pieces) return queues().uploads.run("pieces", accountId, () => readNow(name, input, about, "pieces"));
  const lane = file ? "files" : "words";
  return queues().texts.run(lane, accountId, () => readNow(name, input, about, lane));
}

async function readNow<Name extends keyof Readers>(
  name: Name,
  input: InputOf<Name>,
  { called, file, pieces, onProgress, onUsage }: ReadApart,
  lane: LaneName,
): Promise<FoundBy<Name>> {
  const { wallSeconds, outputBytes } = readingLimits[lane];
  const begun = performance.now();
  const request = {
    header: { runtime: name, input, bodyBytes: file?.sizeBytes ?? 0, sizeInPieces: pieces?.sizeBytes },
    body: await file?.open(),
    ...(pieces && { pieces: pieces.read }),
    maxOutputBytes: outputBytes,
    onLine: (line: string) => {
      const [, count, word] = /^progress (\d{1,9}) ([a-z]{1,20})$/.exec(line) ?? [];
      if (count && word) onProgress?.(Number(count), word);
    },
  };
  try {
    const { header, body } = await runInSandbox(programOf(lane), request, wallSeconds);
    const usage = header.usage as ReadingUsage;
    onUsage?.(usage);
    log.debug({ reader: name, ms: Math.round(performance.now() - begun), ...usage }, "read");
    return JSON.parse(body.toString("utf8")) as FoundBy<Name>;
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    log.warn({ reader: name, failure: error.code, detail: error.message }, "reading gave up");
    throw new DomainError("reading_gave_up", `${called} was not read: ${reasonOf(error.code, lane)}`);
  }
}

function reasonOf(failure: SandboxFailure, lane: LaneName): string {
  const { seconds, heapMegabytes } = readingLimits[lane];
  if (failure === "timed_out") return `it takes more than ${seconds} seconds of computing.`;
  if (failure === "out_of_memory") return `it needs more than ${heapMegabytes} MB of memory.`;
  if (failure === "output_too_large") return "more is found in it than can be kept.";
  return "its reader stopped on it.";
}

function programOf(lane: LaneName): SandboxProgram {
  const folders = ["lib", "node_modules", "package.json"].map((name) => `${projectRoot()}/${name}`);
  return {
    script: "lib/processes/reader-child.mjs",
    nodeOptions: [
      `--max-old-space-size=${readingLimits[lane].heapMegabytes}`,
      "--experimental-transform-types",
      "--disable-warning=ExperimentalWarning",
      "--permission",
      ...folders.map((folder) => `--allow-fs-read=${folder}`),
    ],
    // Node sets more aside than it uses; the heap is what binds.
    dataBytes: 2 * 1024 ** 3,
    processorSeconds: readingLimits[lane].seconds,
  };
}
