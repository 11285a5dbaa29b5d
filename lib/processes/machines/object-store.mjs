import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pinnedNode } from "../../launch/places.mjs";
import { run, startChild } from "../../launch/processes.mjs";
import { LaunchError } from "../../launch/progress.mjs";

/** An S3-compatible store from npm, which nobody here wrote and which the project does not depend on. */

const PACKAGE = "s3rver@3.7.1";
const BUCKET = "offcut";

/** Installs and starts it in a folder of its own; returns the settings that lead to it. */
export async function startObjectStore(folder, port) {
  await mkdir(folder, { recursive: true });
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const install = [
    npm,
    "install",
    "--prefix",
    folder,
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    PACKAGE,
  ];
  const { code, output } = await run(install, { cwd: folder, shell: process.platform === "win32" });
  if (code !== 0) throw new LaunchError(output.split("\n").slice(-20).join("\n"));
  const script = path.join(folder, "node_modules", "s3rver", "bin", "s3rver.js");
  const options = ["-d", path.join(folder, "data"), "-p", String(port), "--configure-bucket", BUCKET];
  startChild([pinnedNode(), script, ...options], { cwd: folder, logPath: path.join(folder, "store.log") });
  const endpoint = `http://127.0.0.1:${port}`;
  for (let at = 0; at < 200; at++) {
    if (await fetch(endpoint).catch(() => null)) return settings(endpoint);
    await pause(50);
  }
  throw new LaunchError("The object store did not start.");
}

/** The key pair is the one that this store gives to everybody. */
const settings = (endpoint) => ({
  S3_BUCKET: BUCKET,
  S3_ENDPOINT: endpoint,
  S3_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "S3RVER",
  AWS_SECRET_ACCESS_KEY: "S3RVER",
});
