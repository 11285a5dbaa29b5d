import "server-only";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { keepCheckpoint, readKeptCheckpoint, syncFolder } from "./kept-checkpoint";

/**
 * What a witness remembers, below one folder: `logs/<SHA-256 of origin>/checkpoint`, the last checkpoint it signed,
 * whole; and `…/evidence/`, pairs of checkpoints by which a log contradicts itself, for ever.
 */
export type WitnessFiles = {
  /** The last checkpoint signed for a log; null when none was. */
  find: (origin: string) => string | null;
  /** Returns once it would survive a loss of power. */
  keep: (origin: string, note: string) => void;
  keepEvidence: (origin: string, signed: string, other: string) => void;
  countEvidence: (origin: string) => number;
};

/** More proves nothing that these do not, and a log that lies must not fill the disk. */
const MAX_EVIDENCE = 1_000;

/** Lowercase hex SHA-256 of an origin, as C2SP names the logs of a witness. */
export function originHash(origin: string): string {
  return createHash("sha256").update(origin).digest("hex");
}

/** Opens the folder for these logs; makes what is missing, durably. */
export function openWitnessFiles(folder: string, origins: readonly string[]): WitnessFiles {
  const placeOf = (origin: string) => path.join(folder, "logs", originHash(origin));
  const evidenceOf = (origin: string) => path.join(placeOf(origin), "evidence");
  for (const place of [
    folder,
    path.join(folder, "logs"),
    ...origins.map(placeOf),
    ...origins.map(evidenceOf),
  ])
    makeFolder(place);

  const find = (origin: string) => readKeptCheckpoint(path.join(placeOf(origin), "checkpoint"));
  const countEvidence = (origin: string) =>
    readdirSync(evidenceOf(origin)).filter((name) => name.endsWith(".txt")).length;

  function keepEvidence(origin: string, signed: string, other: string): void {
    if (countEvidence(origin) >= MAX_EVIDENCE) return;
    // One forged tree, one file: the cosignature on ours carries a new time every time.
    const name = createHash("sha256").update(other).digest("hex");
    keepCheckpoint(path.join(evidenceOf(origin), `${name}.txt`), `${signed}\n${other}`);
  }

  return {
    find,
    keep: (origin, note) => keepCheckpoint(path.join(placeOf(origin), "checkpoint"), note),
    keepEvidence,
    countEvidence,
  };
}

/** A folder whose name survives a loss of power too: without it a witness would forget what it signed. */
function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  syncFolder(path.dirname(path.resolve(folder)));
}
