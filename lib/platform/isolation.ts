import "server-only";
import { access, realpath } from "node:fs/promises";
import path from "node:path";

/**
 * How a program is kept apart, strongest first. `own-files+network+limits`: it sees the runtime, its program and its own
 * folder only, has no network, and limits of memory and time (bubblewrap). `user+network+limits`: another user, no network,
 * limits (needs root). `network+limits`: no network, limits. `limits`: limits only. `process`: a plain child.
 */
export const isolations = [
  "own-files+network+limits",
  "user+network+limits",
  "network+limits",
  "limits",
  "process",
] as const;
export type Isolation = (typeof isolations)[number];

/** Whether files that a stranger made may be run within it. */
export function keepsStrangersApart(isolation: Isolation): boolean {
  return isolation.includes("network");
}

/** What a host of that isolation needs so that strangers' files can be run on it, in a sentence for its operator. */
export const ISOLATION_FIX =
  "Install bubblewrap (Debian, Ubuntu: apt-get install bubblewrap) and allow unprivileged user namespaces: " +
  "kernel.unprivileged_userns_clone=1, on Ubuntu 24.04 and later kernel.apparmor_restrict_unprivileged_userns=0 or a profile " +
  "for bwrap, in Docker --security-opt seccomp=unconfined --security-opt apparmor=unconfined.";

export type ConfinedCommand = {
  /** The program and its options. */
  node: readonly string[];
  dataBytes: number;
  processorSeconds: number;
  /** All that it may read of the host beside the runtime: files and folders, by their absolute path. */
  readable: readonly string[];
};

/** The command that starts a program confined so; its working directory is the last of what it may read. */
export async function confined(isolation: Isolation, command: ConfinedCommand): Promise<string[]> {
  const { node, dataBytes, processorSeconds, readable } = command;
  if (isolation === "process") return [...node];
  const limits = [`--data=${dataBytes}`, `--cpu=${Math.ceil(processorSeconds)}`, "--fsize=0"];
  const limited = [await toolPath("prlimit"), ...limits, "--nofile=64", "--core=0", ...node];
  if (isolation === "limits") return limited;
  if (isolation === "own-files+network+limits")
    return [...(await asNobody()), await toolPath("bwrap"), ...(await ownFiles(readable)), ...limited];
  const offline = [await toolPath("unshare"), "--user", "--map-root-user", "--net", ...limited];
  return isolation === "network+limits" ? offline : [...(await asNobody()), ...offline];
}

/** Root becomes nobody first; nobody else can. */
async function asNobody(): Promise<string[]> {
  if (process.getuid?.() !== 0) return [];
  const nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"];
  return [await toolPath("setpriv"), ...nobody];
}

async function ownFiles(readable: readonly string[]): Promise<string[]> {
  const library = await Promise.all(
    ["/bin", "/sbin", "/lib", "/lib64"].map(async (folder) => {
      const target = await realpath(folder).catch(() => null);
      if (target === null) return [];
      return target === folder ? ["--ro-bind", folder, folder] : ["--symlink", target, folder];
    }),
  );
  const bound = [...new Set([path.dirname(process.execPath), ...readable])];
  return [
    ...["--unshare-all", "--die-with-parent", "--new-session", "--clearenv"],
    ...["--ro-bind", "/usr", "/usr", ...library.flat()],
    ...["--proc", "/proc", "--dev", "/dev"],
    ...bound.flatMap((name) => ["--ro-bind", name, name]),
    ...["--chdir", readable.at(-1) ?? "/"],
  ];
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
  throw new Error(`${name} is not installed`);
}

/** Where the sources lie: every process of ours starts there. */
export function projectRoot(): string {
  return path.join(/*turbopackIgnore: true*/ process.cwd());
}
