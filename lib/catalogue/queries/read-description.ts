import "server-only";
import { readApart, type Reader } from "@/lib/platform/reading";
import { DomainError } from "@/lib/shared/domain-error";
import { type MarkedText, type ReadMarkedText, MARKED_TEXT_VERSION, markedNodesSchema } from "../marked-text";

declare module "@/lib/platform/reading" {
  interface Readers {
    description: Reader<string, ReadMarkedText>;
  }
}

/**
 * Reads a description apart from this process. Throws `description_refused` with the reason for what is too deep or has
 * too many pieces, and what `readApart` throws. Not within a transaction.
 */
export async function readDescription(accountId: string, source: string): Promise<MarkedText> {
  if (source.trim() === "") return { source, version: MARKED_TEXT_VERSION, nodes: [] };
  const read = await readApart("description", source, { accountId, called: "The description" });
  if ("refusal" in read) throw refused(read.refusal);
  const nodes = markedNodesSchema.safeParse(read.nodes);
  if (!nodes.success) throw refused("It holds something that cannot be shown.");
  return { source, version: MARKED_TEXT_VERSION, nodes: nodes.data };
}

function refused(reason: string): DomainError {
  const message = `The description cannot be shown. ${reason} Your words are kept in the draft.`;
  return new DomainError("description_refused", message, { description: reason });
}
