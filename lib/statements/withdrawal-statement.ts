import { replyBody } from "./reply-body";
import type { AgreedBy } from "./kinds/field";
import { type RevocationPredicate, revocationStatement } from "./kinds/revocation";
import type { Statement } from "./statement";

export type WithdrawalFacts = {
  /** Who signed what is taken back. */
  accountId: string;
  /** The envelope that is taken back, and what it was about. */
  withdraws: string;
  subjects: readonly string[];
  reason: string;
  at: string;
};

/** The statement by which an account takes back one of its own. The reason is the words alone, lines ended by LF. */
export function withdrawalStatement(
  { accountId, withdraws, subjects, reason, at }: WithdrawalFacts,
  agreedBy?: AgreedBy,
): Statement<RevocationPredicate> {
  const signer = { role: "account" as const, account: accountId };
  return revocationStatement(
    { signer, ...(agreedBy ? { agreedBy } : {}), withdraws, reason: replyBody(reason), at },
    subjects,
  );
}
