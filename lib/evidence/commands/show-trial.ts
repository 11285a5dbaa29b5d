import "server-only";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import type { Client } from "@/lib/accounts/client";
import type { ActionOutcome } from "@/lib/accounts/session/user-action";
import { readInput } from "@/lib/inference/asked-input";
import { toldColumns } from "@/lib/inference/trial-fields";
import type { TrialSchema } from "../schemas";
import { tryModel } from "./try-model";

/** The same for a form: what was typed comes back with the trial, so that it can be changed and tried again. */
export async function tryListing(
  actor: Actor | null,
  input: z.infer<TrialSchema>,
  client: Client,
): Promise<ActionOutcome> {
  const { file: chosen, slug, ...rest } = input;
  const texts = rest as Record<string, string>;
  const file = chosen ? new Uint8Array(await chosen.arrayBuffer()) : null;
  const trial = await tryModel(
    actor,
    { slug, read: (asked) => readInput(asked, { texts, file }), told: toldColumns(texts) },
    client,
  );
  return { values: { ...texts, trial: JSON.stringify(trial) } };
}
