import type { ClaimCounts } from "@/lib/evidence/queries/claim-counts";

/** Who signed what a listing states beside its figures: its niche, limits, data and people. */
export function ClaimsNote({ counts }: { counts: ClaimCounts }) {
  const { signed, agreed } = counts;
  const all = signed + agreed;
  if (all === 0) return null;
  const ways = [
    signed > 0 && `${signed} signed with the seller’s own key`,
    agreed > 0 && `${agreed} that the seller agreed to while signed in, which Offcut signed for them`,
  ].filter((way) => way !== false);
  return (
    <p className="max-w-[68ch] pt-4 text-sm text-ink-2">
      What this page says of its niche, limits, data and people is{" "}
      {all === 1 ? "1 statement" : `${all} statements`} for the public log: {ways.join("; ")}.
    </p>
  );
}
