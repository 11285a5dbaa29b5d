import { DomainError } from "@/lib/shared/domain-error";

export type RoleName = "evaluator" | "moderator" | "administrator";

declare const actorBrand: unique symbol;

/**
 * Who is asking. Only `lib/accounts` makes one, from a session, an API key or a job; commands take it as their
 * first argument, so that skipping sign-in is a type error.
 */
export type Actor = {
  readonly [actorBrand]: true;
  readonly kind: "account" | "system";
  /** "system" for jobs. */
  readonly accountId: string;
  readonly sessionId: string | null;
  readonly displayName: string;
  readonly handle: string;
  /** Those that act. */
  readonly roles: readonly RoleName[];
  /** Those that were granted and wait for a second factor. */
  readonly sleepingRoles: readonly RoleName[];
};

/** Makes an actor of checked facts. For `lib/accounts`, jobs, seeds and tests only. */
export function actorOf(facts: {
  accountId: string;
  sessionId?: string | null;
  displayName?: string;
  handle?: string;
  roles?: readonly RoleName[];
  sleepingRoles?: readonly RoleName[];
}): Actor {
  return {
    kind: "account",
    sessionId: null,
    displayName: "",
    handle: "",
    roles: [],
    sleepingRoles: [],
    ...facts,
  } as unknown as Actor;
}

export function hasRole(actor: Actor, role: RoleName): boolean {
  return actor.roles.includes(role);
}

/** Throws `not_found` for everybody without the role: what they may not use does not exist for them. */
export function requireRole(actor: Actor, role: RoleName): void {
  if (!hasRole(actor, role)) throw new DomainError("not_found", "This page does not exist.");
}
