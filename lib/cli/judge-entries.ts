import { Register } from "@/lib/statements/register";
import { liesAhead } from "@/lib/statements/sense";
import { senseMessages } from "@/lib/statements/sense-fault";
import { speakerMessages } from "@/lib/statements/speaker-fault";
import { speakerTexts } from "@/lib/verification/wording";
import type { LogEntry } from "./read-log";
import { type Row, notChecked, verified } from "./row";

/**
 * Every entry of a log from its first, judged by what stands before it: whether its signer's key counted there and may
 * speak for whom the statement names, and whether that account was what the statement says of it. What fails is
 * faulty and counts nowhere. `seenAt`: when somebody outside saw this tree.
 */
export function judgeEntries(
  entries: readonly LogEntry[],
  seenAt: Date | null,
): { entries: LogEntry[]; row: Row } {
  const register = new Register();
  const open: { index: bigint; code: keyof typeof speakerTexts }[] = [];
  const judged = entries.map((entry): LogEntry => {
    // What is erased by law is neither a key nor a role.
    if (entry.state === "payload_unavailable" && entry.why === "missing") register.addUnread();
    if (entry.state !== "statement") return entry;
    const { index, leafHash, statement } = entry;
    const found = register.judge(entry, seenAt);
    register.add(entry, found);
    if (found.state === "failed")
      return { index, leafHash, state: "faulty", why: speakerMessages[found.code], code: found.code };
    if (liesAhead(statement, seenAt))
      return { index, leafHash, state: "faulty", why: senseMessages.date_ahead, code: "date_ahead" };
    if (found.state === "cannot_check") open.push({ index, code: found.code });
    return entry;
  });
  return { entries: judged, row: speakersRow(open) };
}

function speakersRow(open: readonly { index: bigint; code: keyof typeof speakerTexts }[]): Row {
  const [first] = open;
  if (!first)
    return verified("speaker", "whatever counts was said by whom it names, by the log’s own keys and roles");
  const shown = open.slice(0, 10).map(({ index }) => index);
  const more = open.length > shown.length ? ` and ${open.length - shown.length} more` : "";
  const where = `${open.length === 1 ? "entry" : "entries"} ${shown.join(", ")}${more}`;
  return notChecked(
    "speaker",
    `cannot check who speaks in ${where}: ${speakerTexts[first.code]}`,
    first.code,
  );
}
