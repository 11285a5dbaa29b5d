import "server-only";
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { type Actor, actorOf } from "@/lib/accounts/actor";
import { uploadToDraft } from "./commands/draft-files";
import { draftFromListing } from "./commands/draft-from-listing";
import { saveDraft, startDraft } from "./commands/edit-draft";
import { type DraftFields, draftFieldsSchema } from "@/lib/catalogue/draft-fields";
import { findDraft } from "./queries/drafts";
import { db } from "@/lib/platform/db";
import { type ClaimRecord, listStandingClaims } from "@/lib/evidence/records/claims";
import { readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64 } from "@/lib/shared/encoding";
import { openHeldKey } from "@/lib/evidence/commands/held-key";
import { signWith } from "@/lib/evidence/commands/platform-key";
import { type Statement, readStatement, statementBytes } from "@/lib/statements/statement";
import { publishDraft } from "./commands/publish-draft";

/** An account with a confirmed address and a browser session. */
export async function makePerson(name: string): Promise<Actor> {
  const handle = `${name}-${randomUUID().slice(0, 8)}`;
  const { id: accountId } = await db.account.create({
    data: {
      email: `${handle}@example.test`,
      passwordHash: "-",
      handle,
      displayName: name,
      emailVerifiedAt: new Date(),
    },
  });
  return actorOf({ accountId, sessionId: `session of ${name}`, displayName: name, handle });
}

/** A draft that can be published and states one of everything; `named` takes a third of the proceeds. */
export function claimingFields(seller: Actor, named: Actor): DraftFields {
  return draftFieldsSchema.parse({
    title: "Short mail",
    scope: "niche",
    task: "text-classification",
    domain: "e-mail",
    languages: "en",
    declaredLevel: "0.90",
    contact: "me@example.com",
    parts: { weights: { pricing: "one_off", price: "98765" } },
    limitations: {
      html_input: { presence: "present", severity: "severe", condition: "mails with tables" },
      long_input: { presence: "absent", severity: "minor", condition: "" },
    },
    dataOrigins: [{ name: "Mails of May", source: "our own desk", use: "training", rowCount: "1200" }],
    contributors: [
      { name: "", handle: seller.handle, contribution: "training", sharePercent: "40" },
      { name: "", handle: named.handle, contribution: "labels", sharePercent: "33" },
      { name: "Grandmother Unlisted", handle: "", contribution: "advice", sharePercent: "27" },
    ],
  });
}

export async function publishFields(seller: Actor, fields: DraftFields): Promise<string> {
  const { draftId } = await startDraft(seller);
  await saveDraft(seller, { draftId, revision: 0, fields, cardText: "# Short mail" });
  const file = Readable.from([randomUUID()]);
  await uploadToDraft(seller, draftId, file, { name: "model.txt", part: "weights" });
  return (await publishDraft(seller, { draftId })).listingId;
}

/** Revises a listing by changing what its draft says; with `file` it serves other files from then on. */
export async function reviseFields(
  seller: Actor,
  listingId: string,
  change: (fields: DraftFields) => DraftFields,
  file?: string,
): Promise<void> {
  const { redirectTo } = await draftFromListing(seller, { listingId });
  const draftId = redirectTo.slice("/sell/".length);
  const draft = await findDraft(seller, draftId);
  if (!draft) throw new Error("The listing has no draft.");
  await saveDraft(seller, { draftId, revision: draft.revision, fields: change(draft.fields) });
  if (file !== undefined) {
    await uploadToDraft(seller, draftId, Readable.from([file]), { name: "more.txt", part: "weights" });
  }
  await publishDraft(seller, { draftId });
}

/** A key that this test holds for an account, as its browser would. */
export async function signFor(actor: Actor, statement: Statement): Promise<string> {
  const key = await openHeldKey({ name: `test-${actor.handle}`, accountId: actor.accountId, label: "Test" });
  return signWith(key, statementBytes(statement));
}

/** The standing claim of that key in a listing. */
export async function claimOf(listingId: string, key: string): Promise<ClaimRecord> {
  const claim = (await listStandingClaims(db, listingId)).find((standing) => standing.key === key);
  if (!claim) throw new Error(`The listing does not claim ${key}.`);
  return claim;
}

export async function statementIn(envelopeSha256: string): Promise<Statement> {
  const { body } = await db.envelope.findUniqueOrThrow({ where: { sha256: envelopeSha256 } });
  const payload = decodeBase64(readEnvelope(body)?.payload ?? "");
  const statement = payload && readStatement(payload);
  if (!statement) throw new Error("The envelope holds no statement.");
  return statement;
}
