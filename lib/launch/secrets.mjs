import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * The secrets of an installation that were not given to it: made once, under its data folder, readable by
 * its owner alone, and never printed.
 */
export async function installationSecrets(directory) {
  const secrets = {};
  if (!process.env.NEXTAUTH_SECRET) {
    secrets.NEXTAUTH_SECRET = await readFile(await keptSecret(directory, "session-secret"), "utf8");
  }
  if (!process.env.OFFCUT_MASTER_KEY && !process.env.OFFCUT_MASTER_KEY_FILE) {
    secrets.OFFCUT_MASTER_KEY_FILE = await keptSecret(directory, "master.key");
  }
  return secrets;
}

/** The path of a file with 32 random bytes in hex. Of two starts at once, both end up with the same bytes. */
async function keptSecret(directory, name) {
  const file = path.join(directory, name);
  if (existsSync(file)) return file;
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, randomBytes(32).toString("hex"), { mode: 0o600 });
  await link(draft, file).catch((error) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(draft);
  return file;
}
