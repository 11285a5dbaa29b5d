import { refuseUnless } from "@/lib/shared/domain-error";

export type SanctionKindName = "freeze" | "take_down" | "suspend";

export const sanctionLabels: Record<SanctionKindName, string> = {
  freeze: "Frozen: visible, no new deals",
  take_down: "Taken down: hidden from everybody",
  suspend: "Suspended: cannot sign in",
};

type Standing = { accountId: string; moderatorId: string; liftedAt: Date | null; hasAppeal: boolean };

/** Whom a sanction hit may appeal once, while it stands. */
export function requireAppealable(sanction: Standing, accountId: string): void {
  refuseUnless(sanction.accountId === accountId, "not_found", "This decision does not exist.");
  refuseUnless(!sanction.liftedAt, "already_lifted", "This decision has been lifted already.");
  refuseUnless(!sanction.hasAppeal, "already_appealed", "You have appealed this decision already.");
}

/** An appeal is decided by somebody other than who imposed the sanction and whom it hit. */
export function requireAppealJudge(sanction: Standing, judgeId: string): void {
  refuseUnless(
    judgeId !== sanction.moderatorId && judgeId !== sanction.accountId,
    "conflict_of_interest",
    "Somebody who neither took this decision nor is hit by it has to decide the appeal.",
  );
}

/** Nobody moderates themselves. */
export function requireUninvolved(moderatorId: string, accountId: string): void {
  refuseUnless(
    moderatorId !== accountId,
    "conflict_of_interest",
    "You cannot moderate your own account or listings.",
  );
}
