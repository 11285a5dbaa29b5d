import { type HeldFile, lastSegment } from "./file-comparison";
import { isLeftOut } from "@/lib/statements/signed-manifest";
import type { ImportReport } from "@/lib/formats/import-report";

export type SignedFilesCheck = {
  /** `nothing_held`: no file has been uploaded. `other_digests`: the list does not name files by their SHA-256. */
  agreement: "same" | "differs" | "nothing_held" | "other_digests";
  /** Paths of the list whose bytes are here, whatever the file is called here. */
  same: string[];
  /** Here under a listed name, with other bytes. */
  changed: string[];
  /** Listed and not here. */
  missing: string[];
  /** Here and not listed. */
  unlisted: string[];
  /** Here and left out by the signer: nobody stands by them. */
  uncovered: string[];
};

/** Holds the file list of a signed model against the files of a draft. Digests decide, names only explain. */
export function compareSignedFiles(
  { files, algorithm, isSharded, ignored }: NonNullable<ImportReport["signature"]>,
  held: readonly HeldFile[],
): SignedFilesCheck {
  const nothing = { same: [], changed: [], missing: [], unlisted: [], uncovered: [] };
  if (algorithm !== "sha256" || isSharded) return { agreement: "other_digests", ...nothing };
  if (held.length === 0) return { agreement: "nothing_held", ...nothing };
  const heldDigests = new Set(held.map(({ sha256 }) => sha256));
  const listedDigests = new Set(files.map(({ digest }) => digest));
  const absent = files.filter(({ digest }) => !heldDigests.has(digest));
  const isHeldByName = ({ path }: { path: string }) =>
    held.some((file) => lastSegment(file.path) === lastSegment(path) && !listedDigests.has(file.sha256));
  const changed = absent.filter(isHeldByName);
  const changedNames = new Set(changed.map(({ path }) => lastSegment(path)));
  const others = held.filter(
    ({ path, sha256 }) => !listedDigests.has(sha256) && !changedNames.has(lastSegment(path)),
  );
  const unlisted = others.filter(({ path }) => !isLeftOut({ ignored }, path));
  return {
    agreement: absent.length === 0 && unlisted.length === 0 ? "same" : "differs",
    same: files.filter(({ digest }) => heldDigests.has(digest)).map(({ path }) => path),
    changed: changed.map(({ path }) => path),
    missing: absent.filter((file) => !changed.includes(file)).map(({ path }) => path),
    unlisted: unlisted.map(({ path }) => path),
    uncovered: others.filter((file) => !unlisted.includes(file)).map(({ path }) => path),
  };
}
