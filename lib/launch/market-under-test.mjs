import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { pathWithPinnedNode, pinnedNode, root } from "./places.mjs";
import { freePort } from "./postgres.mjs";
import { endProcess, identityOf, startChild } from "./processes.mjs";
import { LaunchError, say } from "./progress.mjs";

/** A production start of its own, fresh and filled, for the journeys; brought up by the same command as any other. */

const OPEN_WITHIN_SECONDS = 900;
const END_WITHIN_SECONDS = 10;

/** Returns the environment in which a journey finds the market, and how to end it. */
export async function openMarket(directory) {
  await mkdir(directory, { recursive: true });
  const port = await freePort(0);
  const env = {
    ...process.env,
    DATA_DIR: directory,
    PORT: String(port),
    APP_ORIGIN: `http://localhost:${port}`,
    OFFCUT_DEMO: "1",
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    OFFCUT_MASTER_KEY: randomBytes(32).toString("hex"),
    LOG_LEVEL: "warn",
    PATH: pathWithPinnedNode(),
  };
  delete env.DATABASE_URL;
  const child = await openedChild(env);
  const [password, databasePort] = await Promise.all(
    ["postgres-password", "postgres-port"].map((name) => readFile(path.join(directory, name), "utf8")),
  );
  const DATABASE_URL = `postgres://offcut:${encodeURIComponent(password)}@127.0.0.1:${databasePort}/offcut`;
  return { env: { ...env, DATABASE_URL }, end: () => endMarket(child, [port, Number(databasePort)]) };
}

async function openedChild(env) {
  const child = startChild([pinnedNode(), "lib/launch/start.mjs"], { cwd: root, env, onLine });
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  function onLine(line) {
    say(`  ${line}`);
    if (line.startsWith("Offcut is open at ")) open("open");
  }
  const tooLate = new Promise((resolve) => setTimeout(resolve, OPEN_WITHIN_SECONDS * 1000, "late").unref());
  const first = await Promise.race([opened, tooLate, child.ended.then(() => "ended")]);
  if (first === "open") return child;
  if (first === "late") await endProcess(child.pid, { signal: "SIGTERM", graceSeconds: END_WITHIN_SECONDS });
  throw new LaunchError(first === "late" ? "The market did not open in time." : "The market did not open.");
}

/** Asks the market to end and refuses to be content unless everything it listened on is free in ten seconds. */
async function endMarket(child, ports) {
  const identity = identityOf(child.pid);
  if (!identity) throw new LaunchError("The market had ended by itself.");
  const begun = performance.now();
  await endProcess(child.pid, { signal: "SIGTERM", graceSeconds: END_WITHIN_SECONDS, group: false });
  const seconds = (performance.now() - begun) / 1000;
  const free = await Promise.all(ports.map((port) => freePort(port)));
  if (seconds > END_WITHIN_SECONDS || free.includes(null)) {
    throw new LaunchError(`After ${seconds.toFixed(1)} s something of the market still runs.`);
  }
}
