import "server-only";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import * as accounts from "@/lib/accounts/commands/roles";
import type { changeRoleInput } from "@/lib/accounts/schemas";
import { recordEnvelope } from "./record-envelope";
import { stateRole } from "./state-role";

type ChangeRole = z.infer<typeof changeRoleInput>;

/** Grants a role: see `accounts`. That somebody is an evaluator is stated in the log in the same transaction. */
export async function grantRole(actor: Actor, input: ChangeRole): Promise<{ message: string }> {
  return accounts.grantRole(actor, input, stating(input, true));
}

/** Takes a role away; that an evaluator is none any more is stated in the log in the same transaction. */
export async function revokeRole(actor: Actor, input: ChangeRole): Promise<{ message: string }> {
  return accounts.revokeRole(actor, input, stating(input, false));
}

function stating({ role }: ChangeRole, lasts: boolean): accounts.Alongside | undefined {
  if (role !== "evaluator") return undefined;
  return (tx, accountId) => stateRole(tx, { accountId, role, sells: null }, lasts, recordEnvelope);
}
