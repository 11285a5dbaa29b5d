import "server-only";
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Isolation, confined, projectRoot } from "./isolation";

/** What runs in a process of its own. It must answer a header `{ runtime: "probe" }` with whether it has a network. */
export type SandboxProgram = {
  /** Path of its script from the root of the project. Not bundled: the child has nothing else in memory. */
  script: string;
  /** Options of Node; what its memory may grow to is said here and by `dataBytes`, which also binds native memory. */
  nodeOptions: readonly string[];
  dataBytes: number;
  /** Processor time, where the machine can bind it; as long as the answer is waited for when absent. */
  processorSeconds?: number;
};

export type SandboxFailure =
  "timed_out" | "out_of_memory" | "output_too_large" | "crashed" | "refused_by_runtime";

/** A program that did not finish; the host process is unharmed. */
export class SandboxError extends Error {
  constructor(
    readonly code: SandboxFailure,
    detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

const noEnvironment = {} as NodeJS.ProcessEnv;
const KEPT_COMPLAINT_CHARACTERS = 4_000;

/** A started program, with what it complains of. Ends it and all that it started with `end`. */
export type SandboxChild = {
  child: ChildProcess;
  complaint: () => string;
  /** Told of every line that it writes beside its answer. */
  onLine: (told: (line: string) => void) => void;
  end: () => void;
};

/**
 * Starts a program with an empty environment in an empty folder of its own that is gone afterwards, or in `folder`,
 * which it may read.
 */
export async function startChild(
  { script, nodeOptions, dataBytes, processorSeconds }: SandboxProgram,
  isolation: Isolation,
  { seconds, folder }: { seconds: number; folder?: string | undefined },
): Promise<SandboxChild> {
  const root = projectRoot();
  const ownFolder = folder ?? (await mkdtemp(path.join(tmpdir(), "offcut-run-")));
  const forget = async () => {
    if (folder === undefined) await rm(ownFolder, { recursive: true, force: true });
  };
  if (folder === undefined) await chmod(ownFolder, 0o555);
  const sources = ["lib", "node_modules", "package.json"].map((name) => `${root}/${name}`);
  const [command = "", ...options] = await confined(isolation, {
    node: [process.execPath, ...nodeOptions, `${root}/${script}`],
    dataBytes,
    processorSeconds: processorSeconds ?? seconds,
    readable: [...sources, ownFolder],
  }).catch(async (error: unknown) => {
    await forget();
    throw new SandboxError("crashed", String(error));
  });
  const child = spawn(/*turbopackIgnore: true*/ command, options, {
    cwd: ownFolder,
    env: noEnvironment,
    detached: true,
  });
  child.once("close", () => void forget());
  child.once("error", () => void forget());
  return { child, ...linesOf(child), end: () => killGroup(child) };
}

function linesOf(child: ChildProcess): Pick<SandboxChild, "complaint" | "onLine"> {
  let complaint = "";
  let line = "";
  const listeners: ((line: string) => void)[] = [];
  child.stderr?.on("data", (chunk: Buffer) => {
    const text = chunk.toString("utf8");
    complaint = (complaint + text).slice(-KEPT_COMPLAINT_CHARACTERS);
    const lines = (line + text).split("\n");
    line = (lines.pop() ?? "").slice(0, KEPT_COMPLAINT_CHARACTERS);
    for (const one of lines) for (const told of listeners) told(one);
  });
  return { complaint: () => complaint, onLine: (told) => listeners.push(told) };
}

/** Why a program ended without its answer. */
export function endedBy(signal: string | null, code: number | null, complaint: string): SandboxError {
  // The system ends what used up its processor time, which bubblewrap reports as 128 and the signal's number;
  // V8 aborts where it gets no more memory.
  const isTime = signal === "SIGXCPU" || signal === "SIGKILL" || code === 128 + 24 || code === 128 + 9;
  const isMemory = /out of memory|allocation failed|bad_alloc/i.test(complaint);
  const failure = isMemory ? "out_of_memory" : isTime ? "timed_out" : "crashed";
  return new SandboxError(failure, `ended by ${signal ?? `code ${code}`} ${complaint.slice(-500)}`.trim());
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group has ended already.
  }
}
