import "server-only";
import type { z } from "zod";
import { inTransaction, isUniqueViolation, type Tx } from "@/lib/platform/db";
import { DomainError } from "@/lib/shared/domain-error";
import type { Actor } from "../actor";
import { limits, requireRoom } from "../limits";
import { displayNameProblem, handleProblem } from "../profile";
import type { changeProfileInput } from "../schemas";

function takenHandle(): DomainError {
  return new DomainError("handle_taken", "Somebody else has this handle.", {
    handle: "Somebody else has, or had, this handle.",
  });
}

/**
 * Changes what others see of the actor. A handle once used stays its account's for ever, so that no old link leads
 * to somebody else.
 */
export async function changeProfile(
  actor: Actor,
  input: z.infer<typeof changeProfileInput>,
): Promise<{ message: string }> {
  try {
    await inTransaction(async (tx) => {
      const account = await tx.account.findUniqueOrThrow({ where: { id: actor.accountId } });
      if (input.displayName !== account.displayName)
        refuseField("displayName", displayNameProblem(input.displayName));
      if (input.handle !== account.handle) await takeHandle(tx, account, input.handle);
      await tx.account.update({
        where: { id: account.id },
        data: {
          displayName: input.displayName,
          handle: input.handle,
          bio: input.bio,
          websiteUrl: input.websiteUrl || null,
        },
      });
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw takenHandle();
    throw error;
  }
  return { message: "Your profile is saved." };
}

function refuseField(field: string, problem: string | null): void {
  if (problem)
    throw new DomainError("invalid_input", "Some answers need another look.", { [field]: problem });
}

async function takeHandle(tx: Tx, account: { id: string; handle: string }, handle: string): Promise<void> {
  // One change of handle at a time: what is given up here and claimed there must not cross.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('accounts.handle'))`;
  const past = await tx.pastHandle.findUnique({ where: { handle } });
  if (past?.accountId !== account.id) refuseField("handle", handleProblem(handle));
  if (past && past.accountId !== account.id) throw takenHandle();
  const left = await tx.pastHandle.count({
    where: { accountId: account.id, handle: { not: account.handle } },
  });
  const most = limits.pastHandles;
  requireRoom(
    left,
    most,
    `You have given up ${most} handles, and each stays yours. Take one of those again.`,
  );
  await tx.pastHandle.createMany({
    data: [{ handle: account.handle, accountId: account.id }],
    skipDuplicates: true,
  });
}
