import { type ArtifactCheck, type ArtifactReader, StructureError, refuseOnError } from "./structure-cursor";
import { openZip } from "./zip-archive";

/** Files by which an Inspect archive says what it is: its header, or how a run that broke off began. */
export const EVAL_HEADERS = ["header.json", "_journal/start.json"] as const;

/**
 * Checks that a zip is an archive as Inspect writes evaluation logs (.eval): sound, within the limits of archives, and
 * of JSON files alone. Nothing is unpacked.
 */
export function checkEvalArchive(reader: ArtifactReader): Promise<ArtifactCheck> {
  return refuseOnError("eval", async () => {
    const { entries } = await openZip(reader);
    const names = [...entries.keys()];
    if (!EVAL_HEADERS.some((header) => entries.has(header)))
      throw new StructureError(
        "archive",
        "This is a zip archive, and no Inspect log: it has no header.json.",
      );
    if (!names.every((name) => name.endsWith(".json")))
      throw new StructureError(
        "archive",
        "An Inspect log holds JSON files alone; this archive holds others too.",
      );
    return { files: names.length };
  });
}
