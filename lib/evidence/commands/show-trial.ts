import "server-only";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import type { Client } from "@/lib/accounts/client";
import type { ActionOutcome } from "@/lib/accounts/session/user-action";
import type { TrialSchema } from "../schemas";
import { tryModel } from "./try-model";

/** The same for a form: what was typed comes back with the trial, so that it can be changed and tried again. */
export async function tryListing(
  actor: Actor | null,
  input: z.infer<TrialSchema>,
  client: Client,
): Promise<ActionOutcome> {
  const { file: _, slug: __, ...typed } = input;
  const trial = await tryModel(actor, input, client);
  return { values: { ...typed, trial: JSON.stringify(trial) } };
}
