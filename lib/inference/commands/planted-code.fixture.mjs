/**
 * Stands in for a model that has taken its process over, started as every bundle is: it tries to read, to write, to connect
 * and to end others, and says which of these it could do.
 */
import { kill } from "node:process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import os from "node:os";
import "../../platform/source-imports.mjs";
import { BytesIn, withLength } from "../../platform/framing.mjs";

const input = new BytesIn(process.stdin);
const message = JSON.parse((await input.framedOrEnd()).toString("utf8"));
const answer = message.runtime === "probe" ? probe() : await tried(message);
process.stdout.write(withLength(Buffer.from(JSON.stringify({ ok: true, ...answer }))), () => process.exit(0));

function probe() {
  const hasNetwork = Object.values(os.networkInterfaces())
    .flat()
    .some((address) => !address.internal);
  return { hasNetwork, seesHostFiles: existsSync("/etc/passwd") };
}

async function tried({ canary, port, folders, hostProcess }) {
  return {
    read: can(() => readFileSync(canary)),
    wrote: folders.filter((folder) => can(() => writeFileSync(`${folder}/planted`, "x"))),
    connected: await reached(port),
    signalled: can(() => kill(hostProcess, 0)),
    // bubblewrap says where it stands.
    environment: Object.keys(process.env).filter((name) => name !== "PWD"),
  };
}

function can(work) {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

async function reached(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
