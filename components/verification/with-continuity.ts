import type { Check } from "@/lib/verification/check";
import type { Continuity } from "@/lib/log/continuity";

/** The second row, once the log's own history has been looked at too. */
export function withContinuity(entry: string, seen: Continuity): Check {
  if (seen.state === "failed") return { state: "failed", message: contradictions[seen.evidence.reason] };
  if (seen.state === "cannot_check")
    return { state: "cannot_check", message: `${entry}, but ${uncertainties[seen.reason]}` };
  const memory = seen.isFirst
    ? "this browser keeps its checkpoint and from now on demands that the log only grows"
    : "it continues the log that this browser saw before";
  return { state: "verified", message: `${entry}; ${memory}` };
}

const contradictions = {
  other_key: "the log is signed with another key than the one this browser remembers",
  forked: "the log signed two histories: this one does not continue the one this browser saw before",
  tiles_differ: "the log serves tiles that do not lead to what it signed",
} as const;

const uncertainties = {
  unreadable: "its checkpoint could not be compared with the one this browser remembers",
  unreachable: "its tiles could not be fetched, so nothing shows that it continues the log seen before",
  shrunk: "the log is shorter than when this browser saw it last",
} as const;
