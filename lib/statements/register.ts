import { type KeyKind, keyMaySign } from "@/lib/accounts/key";
import type { LoggedStatement } from "./completeness";
import { kindOf, mayWithdraw, speakerOf, subjectDigestsOf, withdrawnEnvelopeOf } from "./kinds";
import { type ContributionPredicate, contributionKind } from "./kinds/contribution";
import { type KeyPredicate, keyKind } from "./kinds/key";
import type { Capacity, Speaker } from "./kinds/kind";
import { type RolePredicate, roleKind } from "./kinds/role";
import type { SpeakerFault } from "./speaker-fault";
import type { Statement } from "./statement";

/** Whose key made a signature. `accountId` is null for the platform's own. */
export type StatementSigner = { kind: KeyKind; accountId: string | null };

export type SpeakerFinding =
  | { state: "verified" }
  | { state: "failed"; code: SpeakerFault }
  /**
   * `no_register`: the log names no key of a platform. `named_unknown`: what it answers, replaces or takes back is not at hand.
   * `gap`: what would settle it may stand in an entry before it that nobody gives out.
   */
  | { state: "cannot_check"; code: "no_register" | "named_unknown" | "gap" };

/** Faults that follow from what the log does not say. */
const ofAbsence: readonly SpeakerFault[] = ["key_foreign", "not_seller", "not_evaluator"];

type Signed = { statement: Statement; keyId: string };
type KnownKey = StatementSigner & { effectiveAt: number; isRevoked: boolean };

/**
 * Who is who, as a log says it up to some entry: whose keys count, who sells what, who is an evaluator. Entries are
 * added in the log's order, each after it was judged. Keys and roles are what the platform states of them; its own
 * keys are those that name themselves, because nobody else gets such a statement into its log.
 */
export class Register {
  private readonly keys = new Map<string, KnownKey>();
  private readonly roles = new Set<string>();
  private hasGap = false;
  private readonly said = new Map<string, Signed>();

  /** Whether the signer of this entry may say it. `loggedBy`: a time at which the log had it, where one is known. */
  judge(entry: Signed, loggedBy: Date | null = null): SpeakerFinding {
    const found = this.find(entry, loggedBy);
    const isOpen = this.hasGap && found.state === "failed" && ofAbsence.includes(found.code);
    return isOpen ? { state: "cannot_check", code: "gap" } : found;
  }

  /** Notes that an entry could not be read: what is not found from here on may stand there. */
  addUnread(): void {
    this.hasGap = true;
  }

  private find({ statement, keyId }: Signed, loggedBy: Date | null): SpeakerFinding {
    const speaker = speakerOf(statement);
    if (!speaker) return { state: "cannot_check", code: "no_register" };
    if (isOwnKey(statement, keyId)) return { state: "verified" };
    if (![...this.keys.values()].some(isPlatformKey)) return this.findWithoutKeys({ statement, keyId });
    const key = this.keys.get(keyId);
    if (!key) return failed("key_foreign");
    if (key.isRevoked) return failed("key_revoked");
    if (loggedBy !== null && key.effectiveAt > loggedBy.getTime()) return failed("key_early");
    if (!isSpeakersKey(speaker, key) || !keyMaySign(key.kind, "statement")) return failed("key_may_not");
    return this.judgeCapacity({ statement, keyId }, speaker);
  }

  /** Takes what an entry says of keys and roles, and that it was said. */
  add({ statement, keyId, envelope }: LoggedStatement, { state }: SpeakerFinding): void {
    this.said.set(envelope, { statement, keyId });
    if (state !== "verified") return;
    if (statement.predicateType === keyKind.predicateType) this.addKey(statement.predicate as KeyPredicate);
    if (statement.predicateType === roleKind.predicateType)
      this.addRole(statement.predicate as RolePredicate);
  }

  private addKey({ event, account, key, effectiveAt }: KeyPredicate): void {
    this.keys.set(key.id, {
      kind: key.kind,
      accountId: account,
      effectiveAt: Date.parse(effectiveAt),
      isRevoked: event === "revoked" || (this.keys.get(key.id)?.isRevoked ?? false),
    });
  }

  private addRole({ account, role, sells, until }: RolePredicate): void {
    const place = placeOf(account, role, sells);
    if (until === null) this.roles.add(place);
    else this.roles.delete(place);
  }

  /** Where nothing says whose keys are whose, only a key itself takes back what it signed. */
  private findWithoutKeys({ statement, keyId }: Signed): SpeakerFinding {
    const withdrawn = withdrawnEnvelopeOf(statement);
    const other = withdrawn === null ? undefined : this.said.get(withdrawn);
    return other && other.keyId !== keyId
      ? failed("not_its_speaker")
      : { state: "cannot_check", code: "no_register" };
  }

  private judgeCapacity(entry: Signed, speaker: Speaker): SpeakerFinding {
    const capacity = kindOf(entry.statement.predicateType)?.capacityOf(entry.statement) ?? null;
    if (capacity === null) return { state: "verified" };
    const { named, replaces } = capacity;
    const find = (envelope: string | undefined) =>
      envelope === undefined ? undefined : this.said.get(envelope);
    const [other, replaced] = [find(named), find(replaces)];
    const has = (...place: Parameters<typeof placeOf>) => this.roles.has(placeOf(...place));
    const fault = capacityFault(entry, { capacity, speaker, other, replaced }, has);
    if (fault !== null && (named === undefined || other)) return failed(fault);
    const isUnknown = (named !== undefined && !other) || (replaces !== undefined && !replaced);
    return isUnknown ? { state: "cannot_check", code: "named_unknown" } : { state: "verified" };
  }
}

/** Whether an account is in this role, of the subject that has this digest; null for an evaluator's. */
type HasRole = (accountId: string, role: RolePredicate["role"], subjectSha256: string | null) => boolean;

/** What is judged about somebody: `other` is what they answer or take back, `replaced` the claim that this one replaces. */
type Spoken = {
  capacity: Capacity;
  speaker: Speaker;
  other?: Signed | undefined;
  replaced?: Signed | undefined;
};

/**
 * Why whoever speaks is not what the statement says of them; null where they are. Of every subject, also of those of
 * what is answered: only a published listing makes somebody the seller towards what others say.
 */
export function capacityFault(
  entry: Signed,
  { capacity, speaker, other, replaced }: Spoken,
  has: HasRole,
): SpeakerFault | null {
  if (capacity.as === "withdrawer") return other && mayWithdraw(entry, other) ? null : "not_its_speaker";
  if (speaker.by !== "account") return "key_may_not";
  const { accountId } = speaker;
  const subjects = subjectsOf(entry.statement, capacity, other?.statement);
  const sells = (subject: string) => has(accountId, "seller", subject);
  const offers = (subject: string) => sells(subject) || has(accountId, "drafter", subject);
  switch (capacity.as) {
    case "contributor":
      return other && contributorIn(other.statement) === accountId ? null : "not_named";
    case "seller":
      if (!subjects.every(sells)) return "not_seller";
      return replaced && !mayWithdraw(entry, replaced) ? "not_its_speaker" : null;
    case "drafter":
      return subjects.every(offers) ? null : "not_seller";
    case "evaluator":
      if (!has(accountId, "evaluator", null)) return "not_evaluator";
      return subjects.some(offers) ? "own_model" : null;
  }
}

/** What a role is asked for: what the statement is about, and what the one it answers is about. */
export function subjectsOf(
  statement: Statement,
  { named }: Pick<Capacity, "named">,
  other: Statement | undefined,
): string[] {
  const own = (subjectDigestsOf(statement) ?? []).filter((subject) => subject !== named);
  return [...new Set([...own, ...((other && subjectDigestsOf(other)) ?? [])])];
}

function contributorIn({ predicateType, predicate }: Statement): string | null {
  if (predicateType !== contributionKind.predicateType) return null;
  const { stance, contributor } = predicate as ContributionPredicate;
  return stance === "stated" && "account" in contributor ? contributor.account : null;
}

/**
 * True for a key of the one who speaks: an account's statement needs a key of that account, the platform's own the
 * platform's, and only the platform may sign that an account agreed in a session. What names nobody needs a key of anybody.
 */
export function isSpeakersKey(speaker: Speaker, signer: StatementSigner): boolean {
  const { kind, accountId } = signer;
  if (speaker.by === "platform") return isPlatformKey(signer);
  if (speaker.by === "signer") return isPlatformKey(signer) || (kind !== "platform" && accountId !== null);
  return speaker.agreedBy === "device_key"
    ? kind !== "platform" && accountId === speaker.accountId
    : isPlatformKey(signer);
}

function isPlatformKey({ kind, accountId }: StatementSigner): boolean {
  return kind === "platform" && accountId === null;
}

function isOwnKey({ predicateType, predicate }: Statement, keyId: string): boolean {
  if (predicateType !== keyKind.predicateType) return false;
  const { event, account, key } = predicate as KeyPredicate;
  return event === "enrolled" && account === null && key.kind === "platform" && key.id === keyId;
}

function placeOf(account: string, role: RolePredicate["role"], sells: string | null): string {
  return JSON.stringify([account, role, sells]);
}

function failed(code: SpeakerFault): SpeakerFinding {
  return { state: "failed", code };
}
