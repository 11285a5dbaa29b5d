import "server-only";
import { spawn, type ChildProcess } from "node:child_process";
import { access, chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";

/**
 * The strongest isolation this machine allows, tried once by really starting a child:
 * `user+network+limits`: another user, no network, memory and time limits (needs root);
 * `network+limits`: no network, limits; `limits`: limits only; `process`: a plain child.
 */
export type Isolation = "user+network+limits" | "network+limits" | "limits" | "process";

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

export type SandboxRequest = {
  header: Record<string, unknown>;
  body?: Uint8Array | AsyncIterable<Uint8Array>;
  maxOutputBytes: number;
  /** Told of every line that the program writes beside its answer. */
  onLine?: (line: string) => void;
  /** Gives the program the bytes of a file that it asks for, piece by piece; at most `PIECE_MAX_BYTES` at once. */
  pieces?: (offsetBytes: number, lengthBytes: number) => Promise<Uint8Array>;
};
export type SandboxOutput = { header: Record<string, unknown>; body: Buffer; isolation: Isolation };
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
const PROBE_TIMEOUT_SECONDS = 15;
const KEPT_COMPLAINT_CHARACTERS = 4_000;
const PIECE_MAX_BYTES = 16 * 1024 ** 2;
const strongestFirst: readonly Isolation[] = ["user+network+limits", "network+limits", "limits", "process"];

const probed = new Map<string, Promise<Isolation>>();

/** Which isolation a program gets here; asked of the machine once per process. */
export function findIsolation(program: SandboxProgram): Promise<Isolation> {
  const known = probed.get(program.script);
  if (known) return known;
  const found = probeIsolation(program);
  probed.set(program.script, found);
  return found;
}

/** Runs the program once. Throws `SandboxError` when it crashes, exceeds a limit or runs out of time. */
export async function runInSandbox(
  program: SandboxProgram,
  request: SandboxRequest,
  timeoutSeconds: number,
): Promise<SandboxOutput> {
  return runWith(program, await findIsolation(program), request, timeoutSeconds);
}

async function probeIsolation(program: SandboxProgram): Promise<Isolation> {
  for (const isolation of strongestFirst) {
    try {
      const answer = await runWith(
        program,
        isolation,
        { header: { runtime: "probe" }, maxOutputBytes: 4_096 },
        PROBE_TIMEOUT_SECONDS,
      );
      const isCut = !isolation.includes("network") || answer.header.hasNetwork === false;
      if (isCut) return isolation;
    } catch {
      // This machine does not allow it; the next weaker one is tried.
    }
  }
  throw new SandboxError("crashed", `no child process can run ${program.script} on this machine`);
}

async function runWith(
  program: SandboxProgram,
  isolation: Isolation,
  request: SandboxRequest,
  timeoutSeconds: number,
): Promise<SandboxOutput> {
  const emptyFolder = await mkdtemp(path.join(tmpdir(), "offcut-run-"));
  await chmod(emptyFolder, 0o555);
  try {
    const [command, ...options] = await commandFor(program, isolation, timeoutSeconds);
    const child = spawn(command ?? "", options, { cwd: emptyFolder, env: noEnvironment, detached: true });
    const output = await outputOf(child, request, timeoutSeconds);
    return { ...parsedOutput(output), isolation };
  } finally {
    await rm(emptyFolder, { recursive: true, force: true });
  }
}

async function commandFor(
  { script, nodeOptions, dataBytes, processorSeconds }: SandboxProgram,
  isolation: Isolation,
  timeoutSeconds: number,
): Promise<string[]> {
  const node = [process.execPath, ...nodeOptions, path.join(projectRoot(), script)];
  if (isolation === "process") return node;
  const limits = [
    await toolPath("prlimit"),
    `--data=${dataBytes}`,
    `--cpu=${Math.ceil(processorSeconds ?? timeoutSeconds)}`,
  ];
  const limited = [...limits, "--fsize=0", "--nofile=64", "--core=0", ...node];
  if (isolation === "limits") return limited;
  const offline = [await toolPath("unshare"), "--user", "--map-root-user", "--net", ...limited];
  if (isolation === "network+limits") return offline;
  const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"];
  return [await toolPath("setpriv"), ...nobody, ...offline];
}

/** The environment is empty, so tools are named by their full path. */
async function toolPath(name: string): Promise<string> {
  for (const folder of ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]) {
    const candidate = path.join(folder, name);
    const isThere = await access(candidate).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  throw new SandboxError("crashed", `${name} is not installed`);
}

/** Where the sources lie: every process of ours starts there. */
export function projectRoot(): string {
  return path.join(/*turbopackIgnore: true*/ process.cwd());
}

function outputOf(child: ChildProcess, request: SandboxRequest, timeoutSeconds: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    let failure: SandboxError | undefined;
    let complaint = "";
    const stop = (error: SandboxError) => {
      failure ??= error;
      killGroup(child);
    };
    const asked = new PassThrough({ objectMode: true });
    const timer = setTimeout(
      () => stop(new SandboxError("timed_out", `no answer in ${timeoutSeconds} s`)),
      timeoutSeconds * 1_000,
    );
    child.stdout?.on("data", (chunk: Buffer) => {
      received += chunk.length;
      if (received > request.maxOutputBytes)
        stop(new SandboxError("output_too_large", `over ${request.maxOutputBytes} bytes`));
      else chunks.push(chunk);
    });
    let line = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      const text = chunk.toString("utf8");
      complaint = (complaint + text).slice(-KEPT_COMPLAINT_CHARACTERS);
      const lines = (line + text).split("\n");
      line = (lines.pop() ?? "").slice(0, KEPT_COMPLAINT_CHARACTERS);
      for (const one of lines) {
        const [, offset, length] = /^piece (\d{1,16}) (\d{1,8})$/.exec(one) ?? [];
        if (offset && length) asked.write([Number(offset), Number(length)]);
        else request.onLine?.(one);
      }
    });
    child.on("error", (error) => stop(new SandboxError("crashed", error.message)));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      asked.destroy();
      killGroup(child);
      if (failure) reject(failure);
      else if (code !== 0) reject(endedBy(signal, code, complaint));
      else resolve(Buffer.concat(chunks));
    });
    // A child that dies early is reported by "close"; what cannot be read ends the child.
    if (child.stdin)
      pipeline(framed(request, asked), child.stdin).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_PREMATURE_CLOSE")
          stop(new SandboxError("crashed", `its input broke off: ${error.message}`));
      });
  });
}

function endedBy(signal: string | null, code: number | null, complaint: string): SandboxError {
  // The system ends what used up its processor time; V8 aborts where it gets no more memory.
  const isTime = signal === "SIGXCPU" || signal === "SIGKILL";
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

/** The header, the body, and then every piece as it is asked for. Each but the body with its length before it. */
async function* framed(
  { header, body, pieces }: SandboxRequest,
  asked: AsyncIterable<[number, number]>,
): AsyncGenerator<Uint8Array> {
  yield withLength(Buffer.from(JSON.stringify(header)));
  if (body instanceof Uint8Array) yield body;
  else if (body) yield* body;
  if (!pieces) return;
  for await (const [offset, length] of asked)
    yield withLength(await pieces(offset, Math.min(length, PIECE_MAX_BYTES)));
}

function withLength(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function parsedOutput(output: Buffer): { header: Record<string, unknown>; body: Buffer } {
  if (output.length < 4) throw new SandboxError("crashed", "the child gave no answer");
  const length = output.readUInt32BE(0);
  const header = JSON.parse(output.subarray(4, 4 + length).toString("utf8")) as Record<string, unknown>;
  if (header.ok !== true)
    throw new SandboxError("refused_by_runtime", String(header.message ?? "no reason given"));
  return { header, body: output.subarray(4 + length) };
}
