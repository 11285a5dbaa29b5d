import { parseJson } from "@/lib/shared/encoding";
import { readNote } from "@/lib/log/signed-note";

/** What a file is by its content. */
export type FileKind = "proof" | "bundle" | "envelope" | "checkpoint" | "manifest" | "unknown";

/** Names the kind of a text; whether it is well made is judged by whoever reads it as one. */
export function detectKind(text: string): FileKind {
  if (text.startsWith("c2sp.org/tlog-proof@")) return "proof";
  const value = parseJson(text);
  if (typeof value === "object" && value !== null) {
    if ("verificationMaterial" in value || "dsseEnvelope" in value) return "bundle";
    if ("payload" in value && "signatures" in value) return "envelope";
    return "resources" in value && "hash_type" in value ? "manifest" : "unknown";
  }
  return readNote(text) ? "checkpoint" : "unknown";
}
