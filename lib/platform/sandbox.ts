import "server-only";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { withLength } from "./framing.mjs";
import { type Isolation, isolations } from "./isolation";
import { type SandboxProgram, SandboxError, endedBy, startChild } from "./sandbox-child";

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

const PROBE_TIMEOUT_SECONDS = 15;
const PIECE_MAX_BYTES = 16 * 1024 ** 2;

const probed = new Map<string, Promise<Isolation>>();

/** Which isolation a program gets here: the strongest in which it really started, asked of the machine once per process. */
export function findIsolation(program: SandboxProgram): Promise<Isolation> {
  const known = probed.get(program.script);
  if (known) return known;
  const found = probeIsolation(program);
  probed.set(program.script, found);
  // What failed once is asked again by the next.
  found.catch(() => probed.delete(program.script));
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
  for (const isolation of isolations) {
    try {
      const request = { header: { runtime: "probe" }, maxOutputBytes: 4_096 };
      const answer = await probeOnce(program, isolation, request);
      if (holds(isolation, answer.header)) return isolation;
    } catch {
      // This machine does not allow it; the next weaker one is tried.
    }
  }
  throw new SandboxError("crashed", `no child process can run ${program.script} on this machine`);
}

/** On a busy machine a program takes its time to start: that is no sign of a weaker isolation. */
async function probeOnce(
  program: SandboxProgram,
  isolation: Isolation,
  request: SandboxRequest,
): Promise<SandboxOutput> {
  return runWith(program, isolation, request, PROBE_TIMEOUT_SECONDS).catch((error: unknown) => {
    if (!(error instanceof SandboxError) || error.code !== "timed_out") throw error;
    return runWith(program, isolation, request, 4 * PROBE_TIMEOUT_SECONDS);
  });
}

/** What the program found within it. Some hosts start bubblewrap and keep nothing apart. */
function holds(isolation: Isolation, { hasNetwork, seesHostFiles }: Record<string, unknown>): boolean {
  if (isolation.includes("network") && hasNetwork !== false) return false;
  return !isolation.includes("own-files") || seesHostFiles === false;
}

async function runWith(
  program: SandboxProgram,
  isolation: Isolation,
  request: SandboxRequest,
  timeoutSeconds: number,
): Promise<SandboxOutput> {
  const output = await outputOf(program, isolation, request, timeoutSeconds);
  return { ...parsedOutput(output), isolation };
}

async function outputOf(
  program: SandboxProgram,
  isolation: Isolation,
  request: SandboxRequest,
  timeoutSeconds: number,
): Promise<Buffer> {
  const { child, complaint, onLine, end } = await startChild(program, isolation, { seconds: timeoutSeconds });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let received = 0;
    let failure: SandboxError | undefined;
    const stop = (error: SandboxError) => {
      failure ??= error;
      end();
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
    onLine((line) => {
      const [, offset, length] = /^piece (\d{1,16}) (\d{1,8})$/.exec(line) ?? [];
      if (offset && length) asked.write([Number(offset), Number(length)]);
      else request.onLine?.(line);
    });
    child.on("error", (error) => stop(new SandboxError("crashed", error.message)));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      asked.destroy();
      end();
      if (failure) reject(failure);
      else if (code !== 0) reject(endedBy(signal, code, complaint()));
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

function parsedOutput(output: Buffer): { header: Record<string, unknown>; body: Buffer } {
  if (output.length < 4) throw new SandboxError("crashed", "the child gave no answer");
  const length = output.readUInt32BE(0);
  const header = JSON.parse(output.subarray(4, 4 + length).toString("utf8")) as Record<string, unknown>;
  if (header.ok !== true)
    throw new SandboxError("refused_by_runtime", String(header.message ?? "no reason given"));
  return { header, body: output.subarray(4 + length) };
}
