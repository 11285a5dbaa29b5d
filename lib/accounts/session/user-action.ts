import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { refresh } from "next/cache";
import type { z } from "zod";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { isOwnOrigin } from "@/lib/platform/own-origin";
import { once } from "@/lib/platform/receipts";
import { cleanText } from "@/lib/shared/clean-text";
import { DomainError } from "@/lib/shared/domain-error";
import { type ActionState, invalidInput, plainMessage, refused } from "../action-state";
import type { Actor } from "../actor";
import { countCommand } from "../commands/pace";
import { askedBy, isRequestKey } from "./request";
import { currentActor } from "./session";

export type Action = (previous: ActionState | null, form: FormData) => Promise<ActionState>;

/** What a command may answer: a message for the person, where to go next, or what the page needs to know. */
type Answer = {
  message?: string;
  redirectTo?: string;
  values?: Record<string, string>;
  /** Secrets that are shown in the answer, and nowhere ever again. */
  shownOnce?: string[];
};
export type ActionOutcome = Answer | void;

type Schema = z.ZodType<object>;

type Options = {
  /** Repeated fields that become an array; everything else is one string. */
  multiple?: readonly string[];
  /** Money moves: its request key is kept for ever. */
  isMoney?: boolean;
};

const DONE_BEFORE: Answer = {
  message: "This was done before, when it was sent the first time. What stands now is shown here.",
};

/**
 * The only way to make an action for signed-in people: origin, actor, input, pace, command, refresh. The form's
 * `requestKey` is demanded, and under it the command is done once: see `once`.
 */
export function userAction<S extends Schema>(
  schema: S,
  command: (actor: Actor, input: z.infer<S>) => Promise<ActionOutcome>,
  { multiple = [], isMoney = false }: Options = {},
): Action {
  const { name } = command;
  return (_previous, form) =>
    run(form, { schema, multiple, name, needsKey: true }, async (input, key) => {
      const actor = await currentActor();
      if (!actor) throw new DomainError("signed_out", "You are signed out. Sign in and send this again.");
      await countCommand(actor.accountId);
      const asked = await askedBy(actor, { key, command: name, input, isMoney });
      let secrets: string[] | undefined;
      const outcome = await once(
        asked,
        async () => {
          const { shownOnce, ...kept } = (await command(actor, input)) ?? {};
          // A receipt is read for a day, so what may be shown once is not in it.
          secrets = shownOnce;
          return kept;
        },
        DONE_BEFORE,
      );
      return { ...outcome, shownOnce: secrets };
    });
}

/**
 * The same for people who need not be signed in, such as those who sign up. Nobody's key could be kept, so what these
 * commands do is done once by what it is: the README of accounts says how for each.
 */
export function publicAction<S extends Schema>(
  schema: S,
  command: (actor: Actor | null, input: z.infer<S>) => Promise<ActionOutcome>,
): Action {
  return (_previous, form) =>
    run(form, { schema, multiple: [], name: command.name, needsKey: false }, async (input) =>
      command(await currentActor(), input),
    );
}

type Form<S extends Schema> = { schema: S; multiple: readonly string[]; name: string; needsKey: boolean };

async function run<S extends Schema>(
  form: FormData,
  { schema, multiple, name, needsKey }: Form<S>,
  command: (input: z.infer<S>, key: string | null) => Promise<ActionOutcome>,
): Promise<ActionState> {
  const startedAt = performance.now();
  const values = keptValues(form);
  const done = (outcome: string) =>
    log.info({ command: name, outcome, milliseconds: Math.round(performance.now() - startedAt) }, "action");
  let outcome: ActionOutcome;
  try {
    await requireOwnOrigin();
    const { requestKey, ...fields } = fieldsOf(form, multiple);
    const key = isRequestKey(requestKey) ? requestKey : null;
    const parsed = schema.safeParse(fields, { error: plainMessage });
    if (!parsed.success || (needsKey && key === null)) {
      done("invalid_input");
      return invalidInput(
        [...(needsKey && key === null ? [NO_KEY] : []), ...(parsed.error?.issues ?? [])],
        values,
      );
    }
    outcome = await command(parsed.data, key);
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

const NO_KEY = { path: ["requestKey"], message: "This form is damaged. Reload the page." };

/** Actions are public POST endpoints: a form of another site must not reach a command. */
async function requireOwnOrigin(): Promise<void> {
  if (!isOwnOrigin((await headers()).get("origin"))) {
    const own = new URL(env().APP_ORIGIN).origin;
    throw new DomainError("foreign_origin", `This form was sent from another address than ${own}.`);
  }
}

function fieldsOf(form: FormData, multiple: readonly string[]): Record<string, unknown> {
  const fields = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of form.entries()) if (!key.startsWith("$ACTION")) fields[key] = storable(value);
  for (const key of multiple) fields[key] = form.getAll(key).map(storable);
  return fields;
}

/** No browser sends what a database cannot hold; a forged form must not end as a fault of ours. */
function storable(value: FormDataEntryValue): FormDataEntryValue {
  return typeof value === "string" ? cleanText(value) : value;
}

const isKept = (name: string) =>
  !name.startsWith("$ACTION") && !/password|token|^code$|^passkey$/i.test(name);

function keptValues(form: FormData): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [key, value] of form.entries()) {
    if (typeof value === "string" && key !== "requestKey" && isKept(key)) kept[key] = value;
  }
  return kept;
}
