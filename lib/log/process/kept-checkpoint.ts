import "server-only";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import path from "node:path";

/**
 * The second place: the last signed checkpoint in a file, better on another volume than the database. It survives
 * when the database is set back, and then says so.
 */
export function readKeptCheckpoint(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Replaces the file in one step, and returns once it would survive a loss of power. */
export function keepCheckpoint(file: string, note: string): void {
  const folder = path.dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  const descriptor = openSync(draft, "w", 0o600);
  try {
    writeSync(descriptor, note);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
  syncFolder(folder);
}

/** Returns once the names in a folder would survive a loss of power. */
export function syncFolder(folder: string): void {
  const holder = openSync(folder, "r");
  try {
    fsyncSync(holder);
  } finally {
    closeSync(holder);
  }
}
