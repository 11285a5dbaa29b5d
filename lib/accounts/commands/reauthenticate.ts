import "server-only";
import { db } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";
import type { Actor } from "../actor";
import type { Client } from "../client";
import { hasSecondFactor } from "../records/factors";
import type { SecondStep } from "../second-factor";
import { passwordIsRight } from "../session/sign-in";
import { countAttempt, forgetAttempts } from "./attempts";
import { proveSecondStep } from "./prove-second-step";

/** What somebody proves again before something that cannot be undone by signing out. */
export type Reauthentication = { password: string } & SecondStep;

/**
 * Asks the actor for the password again, counted apart from sign-ins, and, where the account has a second factor, for a
 * second step as well. Returns the account's row. Throws `wrong_password` naming `field`, and what `proveSecondStep`
 * throws.
 */
export async function reauthenticate(
  actor: Actor,
  { password, ...step }: Reauthentication,
  client: Pick<Client, "ip">,
  field = "password",
) {
  const account = await db.account.findUniqueOrThrow({ where: { id: actor.accountId } });
  await countAttempt("ownPassword", account.email, client.ip);
  if (!(await passwordIsRight(account.passwordHash, password))) {
    throw new DomainError("wrong_password", "This is not your password.", {
      [field]: "This is not your password.",
    });
  }
  await forgetAttempts(account.email);
  if (await hasSecondFactor(db, account.id)) {
    const holder = actor.sessionId ? { sessionId: actor.sessionId } : null;
    await proveSecondStep(account.id, step, holder, client.ip);
  }
  return account;
}
