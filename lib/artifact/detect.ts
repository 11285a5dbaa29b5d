import { checkGguf } from "./gguf";
import { checkOnnx, looksLikeOnnx } from "./onnx";
import { refusePickleName, refuseUnsafe } from "./pickle";
import { checkSafetensors } from "./safetensors";
import type { ArtifactCheck, ArtifactReader } from "./structure-cursor";

const EDGE_BYTES = 66_000;

/**
 * Finds out what a file is from its bytes, with its name as a hint only, and checks its structure.
 *
 * Refused with a reason: files whose opening can run code, archives, and anything that claims to be ONNX,
 * safetensors or GGUF and is not sound. Text and other files pass with `facts.isStructureChecked` false. Reads
 * at most 64 MB; never throws on any bytes, only when the reader does.
 */
export async function checkArtifact(fileName: string, reader: ArtifactReader): Promise<ArtifactCheck> {
  if (reader.sizeBytes === 0) {
    return { format: "other", ok: false, refusalCode: "empty", reason: "The file is empty.", facts: {} };
  }
  const edge = Math.min(EDGE_BYTES, reader.sizeBytes);
  const head = await reader.read(0, edge);
  const byContent = await checkMarked(fileName, head, reader);
  if (byContent) return byContent;
  const tail = await reader.read(reader.sizeBytes - edge, edge);
  const unsafe = refuseUnsafe(fileName, head, tail);
  if (unsafe) return unsafe;
  if (hasName(fileName, "onnx")) return checkOnnx(reader);
  if (looksLikeOnnx(head)) {
    const check = await checkOnnx(reader);
    if (check.ok || check.refusalCode === "external_data") return check;
  }
  const byName = refusePickleName(fileName);
  if (byName) return byName;
  return { format: isText(head) ? "text" : "other", ok: true, facts: { isStructureChecked: false } };
}

async function checkMarked(
  fileName: string,
  head: Uint8Array,
  reader: ArtifactReader,
): Promise<ArtifactCheck | null> {
  const isGguf = head[0] === 0x47 && head[1] === 0x47 && head[2] === 0x55 && head[3] === 0x46;
  if (isGguf || hasName(fileName, "gguf")) return checkGguf(reader);
  if (hasName(fileName, "safetensors")) return checkSafetensors(reader);
  // Eight bytes of length, then a JSON object: the length's upper bytes are zero in any real file.
  const looksLikeSafetensors =
    head[8] === 0x7b && head[4] === 0 && head[5] === 0 && head[6] === 0 && head[7] === 0;
  if (!looksLikeSafetensors) return null;
  const check = await checkSafetensors(reader);
  return check.ok ? check : null;
}

function hasName(fileName: string, extension: string): boolean {
  return fileName.toLowerCase().endsWith(`.${extension}`);
}

/** UTF-8 without NUL, as far as was read; a character may be cut at the edge. */
function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
