import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { refresh } from "next/cache";
import type { z } from "zod";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { isOwnOrigin } from "@/lib/platform/own-origin";
import { cleanText } from "@/lib/shared/clean-text";
import { DomainError } from "@/lib/shared/domain-error";
import { type ActionState, invalidInput, plainMessage, refused } from "../action-state";
import type { Actor } from "../actor";
import { currentActor } from "./session";

export type Action = (previous: ActionState | null, form: FormData) => Promise<ActionState>;

/** What a command may answer: a message for the person, where to go next, or what the page needs to know. */
export type ActionOutcome = {
  message?: string;
  redirectTo?: string;
  values?: Record<string, string>;
  /** Secrets that are shown in the answer, and nowhere ever again. */
  shownOnce?: string[];
} | void;

type Schema = z.ZodType<object>;

/**
 * The only way to make an action for signed-in people: origin, actor, input, command, refresh.
 * A repeated field becomes an array only where `multiple` names it; everything else is one string.
 */
export function userAction<S extends Schema>(
  schema: S,
  command: (actor: Actor, input: z.infer<S>) => Promise<ActionOutcome>,
  multiple: readonly string[] = [],
): Action {
  return (_previous, form) =>
    run(form, schema, multiple, command.name, async (input) => {
      const actor = await currentActor();
      if (!actor) throw new DomainError("signed_out", "You are signed out. Sign in and send this again.");
      return command(actor, input);
    });
}

/** The same for people who need not be signed in, such as those who sign up. */
export function publicAction<S extends Schema>(
  schema: S,
  command: (actor: Actor | null, input: z.infer<S>) => Promise<ActionOutcome>,
  multiple: readonly string[] = [],
): Action {
  return (_previous, form) =>
    run(form, schema, multiple, command.name, async (input) => command(await currentActor(), input));
}

async function run<S extends Schema>(
  form: FormData,
  schema: S,
  multiple: readonly string[],
  name: string,
  command: (input: z.infer<S>) => Promise<ActionOutcome>,
): Promise<ActionState> {
  const startedAt = performance.now();
  const values = keptValues(form);
  const done = (outcome: string) =>
    log.info({ command: name, outcome, milliseconds: Math.round(performance.now() - startedAt) }, "action");
  let outcome: ActionOutcome;
  try {
    await requireOwnOrigin();
    const parsed = schema.safeParse(fieldsOf(form, multiple), { error: plainMessage });
    if (!parsed.success) {
      done("invalid_input");
      return invalidInput(parsed.error.issues, values);
    }
    outcome = await command(parsed.data);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    done(error.code);
    return refused(error, values);
  }
  done("ok");
  if (outcome?.redirectTo) redirect(outcome.redirectTo);
  refresh();
  const { message, values: known, shownOnce } = outcome ?? {};
  return { ok: true, message, values: known, shownOnce };
}

/** Actions are public POST endpoints: a form of another site must not reach a command. */
async function requireOwnOrigin(): Promise<void> {
  if (!isOwnOrigin((await headers()).get("origin"))) {
    const own = new URL(env().APP_ORIGIN).origin;
    throw new DomainError("foreign_origin", `This form was sent from another address than ${own}.`);
  }
}

function fieldsOf(form: FormData, multiple: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of form.entries()) if (!key.startsWith("$ACTION")) fields[key] = storable(value);
  for (const key of multiple) fields[key] = form.getAll(key).map(storable);
  return fields;
}

/** No browser sends what a database cannot hold; a forged form must not end as a fault of ours. */
function storable(value: FormDataEntryValue): FormDataEntryValue {
  return typeof value === "string" ? cleanText(value) : value;
}

function keptValues(form: FormData): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [key, value] of form.entries()) {
    if (
      typeof value === "string" &&
      !key.startsWith("$ACTION") &&
      !/password|token|^code$|^passkey$/i.test(key)
    )
      kept[key] = value;
  }
  return kept;
}
