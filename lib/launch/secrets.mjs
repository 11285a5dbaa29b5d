import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { LaunchError } from "./progress.mjs";

/** Settings with a secret in them, each of which may be given as a file: `NAME_FILE` instead of `NAME`. */
export const SECRETS = ["DATABASE_URL", "SEQUENCER_DATABASE_URL", "NEXTAUTH_SECRET", "SMTP_URL"];

/** The secrets that the environment names files for; a line feed at the end of one is not part of it. */
export async function secretsFromFiles() {
  const named = SECRETS.filter((name) => process.env[`${name}_FILE`]);
  const twice = named.find((name) => process.env[name]);
  if (twice) throw new LaunchError(`${twice} and ${twice}_FILE are both set; which one is meant?`);
  const pairs = named.map(async (name) => {
    const file = process.env[`${name}_FILE`];
    const text = await readFile(file, "utf8").catch(({ code }) => {
      throw new LaunchError(`${name}_FILE is ${file}, which cannot be read (${code}).`);
    });
    return [name, text.trimEnd()];
  });
  return Object.fromEntries(await Promise.all(pairs));
}

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
