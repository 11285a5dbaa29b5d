import "server-only";
import { spawn, type ChildProcess } from "node:child_process";
import { access, chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * The strongest isolation this machine allows, tried once by really starting a child:
 * `user+network+limits`: another user, no network, memory and time limits (needs root);
 * `network+limits`: no network, limits; `limits`: limits only; `process`: a plain child.
 */
export type Isolation = "user+network+limits" | "network+limits" | "limits" | "process";

export type SandboxRequest = { header: Record<string, unknown>; body?: Uint8Array; maxOutputBytes: number };
export type SandboxOutput = { header: Record<string, unknown>; body: Buffer; isolation: Isolation };
export type SandboxFailure = "timed_out" | "output_too_large" | "crashed" | "refused_by_runtime";

/** A model that did not finish; the host process is unharmed. */
export class SandboxError extends Error {
  constructor(
    readonly code: SandboxFailure,
    detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}

const MEMORY_LIMIT_BYTES = 1_073_741_824;
const noEnvironment = {} as NodeJS.ProcessEnv;
const PROBE_TIMEOUT_SECONDS = 15;
const strongestFirst: readonly Isolation[] = ["user+network+limits", "network+limits", "limits", "process"];

let probed: Promise<Isolation> | undefined;

/** Which isolation runs get here; asked of the machine once per process. */
export function findIsolation(): Promise<Isolation> {
  probed ??= probeIsolation();
  return probed;
}

/** Runs the child once. Throws `SandboxError` when it crashes, exceeds a limit or runs out of time. */
export async function runInSandbox(request: SandboxRequest, timeoutSeconds: number): Promise<SandboxOutput> {
  const isolation = await findIsolation();
  return runWith(isolation, request, timeoutSeconds);
}

async function probeIsolation(): Promise<Isolation> {
  for (const isolation of strongestFirst) {
    try {
      const answer = await runWith(
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
  throw new SandboxError("crashed", "no child process can run a model on this machine");
}

async function runWith(
  isolation: Isolation,
  request: SandboxRequest,
  timeoutSeconds: number,
): Promise<SandboxOutput> {
  const emptyFolder = await mkdtemp(path.join(tmpdir(), "offcut-run-"));
  await chmod(emptyFolder, 0o555);
  try {
    const [command, ...options] = await commandFor(isolation, timeoutSeconds);
    const child = spawn(command ?? "", options, { cwd: emptyFolder, env: noEnvironment, detached: true });
    const output = await outputOf(child, request, timeoutSeconds);
    return { ...parsedOutput(output), isolation };
  } finally {
    await rm(emptyFolder, { recursive: true, force: true });
  }
}

async function commandFor(isolation: Isolation, timeoutSeconds: number): Promise<string[]> {
  const node = [process.execPath, "--max-old-space-size=256", childScript()];
  if (isolation === "process") return node;
  const limits = [
    await toolPath("prlimit"),
    `--data=${MEMORY_LIMIT_BYTES}`,
    `--cpu=${Math.ceil(timeoutSeconds)}`,
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

/** Outside the bundle on purpose: the child must start from a file with nothing else in memory. */
function childScript(): string {
  return path.join(
    /*turbopackIgnore: true*/ process.cwd(),
    "lib",
    "inference",
    "commands",
    "model-child.mjs",
  );
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
    child.stderr?.on(
      "data",
      (chunk: Buffer) => (complaint = (complaint + chunk.toString("utf8")).slice(-500)),
    );
    child.on("error", (error) => stop(new SandboxError("crashed", error.message)));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      killGroup(child);
      if (failure) reject(failure);
      else if (code !== 0)
        reject(new SandboxError("crashed", `ended by ${signal ?? `code ${code}`} ${complaint}`.trim()));
      else resolve(Buffer.concat(chunks));
    });
    child.stdin?.on("error", () => undefined); // a child that dies early is reported by "close"
    child.stdin?.end(framed(request));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The group has ended already.
  }
}

function framed({ header, body }: SandboxRequest): Buffer {
  const head = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, body ?? new Uint8Array()]);
}

function parsedOutput(output: Buffer): { header: Record<string, unknown>; body: Buffer } {
  if (output.length < 4) throw new SandboxError("crashed", "the child gave no answer");
  const length = output.readUInt32BE(0);
  const header = JSON.parse(output.subarray(4, 4 + length).toString("utf8")) as Record<string, unknown>;
  if (header.ok !== true)
    throw new SandboxError("refused_by_runtime", String(header.message ?? "no reason given"));
  return { header, body: output.subarray(4 + length) };
}
