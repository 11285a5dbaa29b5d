import "server-only";
import { mkdirSync, readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { openWitness } from "@/lib/log/process/run-witness";
import { type NoteKey, SIGNATURE_TYPE, formatVkey, readVkey } from "@/lib/log/signed-note";
import { serveWitness } from "@/lib/log/process/witness-server";
import { occupy } from "@/lib/launch/occupancy.mjs";

const USAGE = `Runs a witness of transparency logs (https://c2sp.org/tlog-witness).

  npm run witness -- --log VKEY [--log VKEY …] [--logs FILE] [--name NAME] [--state DIR] [--port 8787] [--host HOST]

  --name   name of this witness, such as witness.example/ours; fixed at the first start (default: of this machine)
  --log    verifier key of a log to follow, as it stands at https://…/log/1/vkey
  --logs   a file with one such key a line; lines that begin with # are passed over
  --state  where key and memory lie (default .witness): never set it back to an older copy
  --host   where to listen (default 127.0.0.1; 0.0.0.0 for everybody)
`;

/** A mistake of whoever started it, told without a stack. */
class UsageError extends Error {}

function readArguments() {
  const { values } = parseArgs({
    options: {
      name: { type: "string" },
      log: { type: "string", multiple: true, default: [] },
      logs: { type: "string" },
      state: { type: "string", default: ".witness" },
      port: { type: "string", default: "8787" },
      host: { type: "string", default: "127.0.0.1" },
      help: { type: "boolean", default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`${values.port} is no port.`);
  const listed = values.logs === undefined ? [] : linesOf(values.logs);
  return { ...values, port, logs: [...values.log, ...listed].map(requireLog) };
}

function linesOf(file: string): string[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}

function requireLog(vkey: string): NoteKey {
  const key = readVkey(vkey.trim());
  if (key?.type !== SIGNATURE_TYPE.ed25519) throw new UsageError(`This is not the key of a log: ${vkey}`);
  return key;
}

/** A name for whoever gives none: letters, digits, dots and dashes only, so that it can stand in a note. */
function nameOfMachine(): string {
  return `${hostname().replaceAll(/[^A-Za-z0-9.-]/g, "-") || "here"}/witness`;
}

async function main(): Promise<void> {
  const { help, name, logs, state, port, host } = readArguments();
  if (help) return void process.stdout.write(USAGE);
  if (logs.length === 0) throw new UsageError("Name at least one log.");
  const folder = path.resolve(state);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const release = await occupy(folder);
  try {
    const now = () => BigInt(Math.floor(Date.now() / 1000));
    const witness = await openWitness({ folder, name, newName: nameOfMachine(), logs, now });
    const server = serveWitness(witness, (error) => process.stderr.write(`${String(error)}\n`));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    process.stdout.write(`${formatVkey(witness.key)}\n`);
    process.stdout.write(`Witness open at http://${host}:${(server.address() as AddressInfo).port}\n`);
    for (const log of logs) process.stdout.write(`Follows ${log.name}\n`);
    await new Promise<void>((resolve) => {
      const end = () => {
        server.close(() => resolve());
        server.closeIdleConnections();
      };
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, end);
    });
  } finally {
    await release();
  }
}

try {
  await main();
} catch (error) {
  const isPlain =
    error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE");
  process.stderr.write(isPlain ? `${(error as Error).message}\n\n${USAGE}` : `${String(error)}\n`);
  process.exitCode = 1;
}
