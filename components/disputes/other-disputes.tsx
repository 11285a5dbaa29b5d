import { Panel } from "@/components/ui/panel";
import { disputeReasons } from "@/lib/disputes/dispute";
import type { DisputeView } from "@/lib/disputes/queries/case";
import { RulingFacts } from "./ruling-facts";
import { Statements } from "./statements";

/** The dispute of the other side, or of an earlier day, with what was said and how it ended: a deal has at most two. */
export function OtherDisputes({ disputes, now }: { disputes: readonly DisputeView[]; now: Date }) {
  return disputes.map((dispute) => (
    <Panel key={dispute.id} title={`The other dispute: ${disputeReasons[dispute.reason]}`}>
      <div className="grid gap-4">
        <p className="text-ink-2">{courseOf(dispute)}</p>
        {dispute.ruling && <RulingFacts ruling={dispute.ruling} now={now} />}
        <Statements dispute={dispute} now={now} />
      </div>
    </Panel>
  ));
}

/** Who opened a dispute, and whether they took it back. */
export function courseOf({ state, party }: Pick<DisputeView, "state" | "party">): string {
  if (state !== "withdrawn") return `Opened by the ${party}.`;
  return `Opened and withdrawn by the ${party}; the deal went on.`;
}
