import "server-only";
import { type ListingView, findListing } from "@/lib/catalogue/queries/find-listing";
import { findListingBySlug } from "@/lib/catalogue/queries/listings";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { decodeBase64 } from "@/lib/shared/encoding";
import { readEnvelope, signEnvelope } from "@/lib/statements/dsse";
import type { EvaluationView } from "../evaluation-view";
import { PASSPORT_PAYLOAD_TYPE, passportBytes, passportIdOf, passportOf } from "@/lib/formats/passport";
import type { PassportEvaluation, PassportInput, PassportObjection } from "@/lib/formats/passport-input";
import { canonicalJson } from "@/lib/shared/jcs";
import { openPlatformKey } from "../commands/platform-key";
import { redrawVerdicts } from "@/lib/measurement/evaluation";
import { readSummary } from "@/lib/measurement/evaluation-summary";
import { readSensibly } from "@/lib/statements/sense";
import { sentenceText } from "@/lib/statements/sentence";
import { PLATFORM_NAME } from "../statement-view";
import { digestOfBytes } from "@/lib/statements/verify-envelope";
import { listListingEvaluations } from "./listing-evaluations";
import { listStatementsAbout } from "./statements-about";

export type PassportView = {
  /** Canonical JSON of the CycloneDX document: the bytes that are signed. */
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
};

/**
 * The passport of a listing that can be found, for anybody: the same bytes until something it states changes. Null
 * for every other listing, because it states terms as offered and claims as standing.
 */
export async function findPassport(slug: string): Promise<PassportView | null> {
  const shown = await findListingBySlug(slug);
  const listing = shown?.isShown ? await findListing(null, slug) : null;
  if (!shown || listing?.kind !== "listing") return null;
  const evaluations = await listListingEvaluations(listing.id);
  const current = evaluations.filter(({ isOfOtherFiles }) => !isOfOtherFiles);
  const [measured, said] = await Promise.all([
    evaluationsOf(
      current.filter(({ withdrawal }) => withdrawal === null),
      listing.declaredLevel,
    ),
    objectionsTo(listing.version.modelDigest, new Set(current.map(({ envelope }) => envelope.sha256))),
  ]);
  const objections = [...current.flatMap(withdrawalOf), ...said];
  const changes = [
    shown.updatedAt,
    listing.version.createdAt,
    ...evaluations.flatMap(({ envelope, answer }) => [
      envelope.signedAt,
      answer?.createdAt ?? envelope.signedAt,
    ]),
    ...objections.map(({ at }) => at),
  ];
  const input = { ...statedBy(listing), issuedAt: latest(changes), evaluations: measured, objections };
  const bytes = passportBytes(passportOf({ ...input, id: passportIdOf(input) }));
  return { bytes, sha256: digestOfBytes(bytes) };
}

/** The same, signed by the platform: a DSSE envelope over exactly those bytes. */
export async function findSignedPassport(
  slug: string,
): Promise<{ envelope: string; payloadSha256: string } | null> {
  const passport = await findPassport(slug);
  if (!passport) return null;
  const { privateKey, spki } = await openPlatformKey();
  const envelope = await signEnvelope(passport.bytes, privateKey, spki, PASSPORT_PAYLOAD_TYPE);
  return { envelope: canonicalJson(envelope), payloadSha256: passport.sha256 };
}

function statedBy(
  listing: ListingView,
): Omit<PassportInput, "id" | "issuedAt" | "evaluations" | "objections"> {
  const { APP_ORIGIN } = env();
  const { version, seller, parts, currency } = listing;
  const files = parts.flatMap((part) => part.files.map(({ path, sha256 }) => ({ path, sha256 })));
  return {
    issuer: { name: PLATFORM_NAME, url: APP_ORIGIN },
    seller: { name: seller.displayName, url: `${APP_ORIGIN}/people/${encodeURIComponent(seller.handle)}` },
    listing: {
      url: `${APP_ORIGIN}/listings/${listing.slug}`,
      title: listing.title,
      summary: listing.summary,
      task: listing.task,
      domain: listing.domain,
      languages: listing.languages,
      licence: listing.licenceSpdx,
      rights: { ...listing.rights, fieldOfUse: listing.fieldOfUse },
      baseModels: listing.baseModels,
      parts: parts.filter(({ isOffered }) => isOffered).map((part) => ({ ...part, currency })),
    },
    version: { number: version.number, modelDigest: version.modelDigest, files },
    limitations: listing.limitations,
    dataOrigins: listing.dataOrigins.map(({ use, licence, ...origin }) => ({
      ...origin,
      licence: licence ?? "",
      use: use === "evaluation" ? "evaluation" : "training",
    })),
    contributors: listing.contributors.map(({ name, contribution, status }) => ({
      name,
      contribution,
      isConfirmed: status === "confirmed",
    })),
  };
}

/** Every evaluation of the version that its signer stands by, adverse or not, at the level that the listing declares. */
async function evaluationsOf(
  views: readonly EvaluationView[],
  level: number | null,
): Promise<PassportEvaluation[]> {
  const rows = await db.evaluation.findMany({
    where: { id: { in: views.map(({ id }) => id) } },
    include: { envelope: { select: { body: true } } },
  });
  return views.flatMap((view): PassportEvaluation[] => {
    const row = rows.find(({ id }) => id === view.id);
    if (!row?.envelope || !makesSense(row.envelope.body)) return [];
    const summary = readSummary(row.summary);
    const { sha256 } = view.envelope;
    return [
      {
        id: view.id,
        grade: view.grade,
        evaluator: { name: view.signer.name, role: view.signer.role },
        dataSetName: view.dataSetName,
        rowsSha256: view.rowsDigest,
        finishedAt: view.finishedAt,
        isStale: view.isStale,
        summary: level === null ? summary : redrawVerdicts(summary, level),
        envelope: { sha256, body: row.envelope.body, url: addressOf(sha256) },
        answer: view.answer && { text: view.answer.body, at: view.answer.createdAt },
      },
    ];
  });
}

/** A run that its signer took back supports nothing, and that it was taken back is said. */
function withdrawalOf({ withdrawal, signer, dataSetName }: EvaluationView): PassportObjection[] {
  if (!withdrawal) return [];
  const { envelopeSha256, reason, withdrawnAt } = withdrawal;
  const text = `The evaluation on ${dataSetName} was withdrawn: ${reason}`;
  return [{ id: envelopeSha256, text, author: signer.name, at: withdrawnAt, envelope: null }];
}

/** What the published log holds against these files beside the evaluations, where nobody took it back. */
async function objectionsTo(
  modelDigest: string | null,
  known: ReadonlySet<string>,
): Promise<PassportObjection[]> {
  const about = modelDigest === null ? null : await listStatementsAbout(modelDigest);
  return (about?.statements ?? []).flatMap(
    ({ adverse, withdrawnBy, envelope, entry }): PassportObjection[] => {
      if (!adverse || withdrawnBy !== null || known.has(envelope) || !entry.statement || !entry.body)
        return [];
      if (!makesSense(entry.body)) return [];
      const { headline, signer } = entry.statement;
      const body = { sha256: envelope, body: entry.body, url: addressOf(envelope) };
      const text = sentenceText(headline);
      return [{ id: envelope, text, author: signer.name, at: entry.integratedAt, envelope: body }];
    },
  );
}

/** Nothing that contradicts itself is attached, however it came to be kept. */
function makesSense(envelopeText: string): boolean {
  const payload = decodeBase64(readEnvelope(envelopeText)?.payload ?? "");
  return payload !== null && readSensibly(payload)?.fault === null;
}

function addressOf(envelopeSha256: string): string {
  return `${env().APP_ORIGIN}/api/v1/envelopes/${envelopeSha256}`;
}

function latest(times: readonly Date[]): Date {
  return new Date(Math.max(...times.map((time) => time.getTime())));
}
