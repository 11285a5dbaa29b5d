import { createHash, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { limitationTypeNames } from "@/lib/catalogue/limitation";
import { domainNames, taskNames } from "@/lib/catalogue/niche";
import { statementKinds } from "../kinds";
import { evaluation } from "./evaluation.fixture";
import { count, hex, id, instant, words } from "./field.fixture";
import { type Statement, makeStatement } from "../statement";

/** Two moments, the earlier first. */
const span = fc.tuple(instant, instant).map(([one, other]) => (one < other ? [one, other] : [other, one]));
const spki = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({
  format: "der",
  type: "spki",
});
const keyId = createHash("sha256").update(spki).digest("hex");
const agreedBy = fc.oneof(
  fc.constant(undefined),
  fc.record({ method: fc.constant("device_key") }),
  fc.record({ method: fc.constant("session"), session: id }),
);

/** A statement's predicate without the fields that came out as undefined. */
function plain<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Value;
}

const claim = {
  seller: id,
  agreedBy,
  listing: id,
  statedAt: instant,
  replaces: fc.option(hex, { nil: undefined }),
};

const contribution = fc
  .record({
    ...claim,
    stance: fc.constantFrom("stated", "confirmed", "rejected"),
    contributor: fc.oneof(fc.record({ account: id }), fc.record({ nameCommitment: hex })),
    contribution: words,
    shareBasisPoints: fc.integer({ min: 0, max: 10_000 }),
    answers: hex,
  })
  .map(({ stance, answers, contributor, ...rest }) =>
    "nameCommitment" in contributor || stance === "stated"
      ? { ...rest, contributor, stance: "stated" }
      : { ...rest, contributor, stance, answers },
  );

/** A predicate of every kind, as its makers may make it. */
const predicates: Record<string, fc.Arbitrary<object>> = {
  evaluation,
  "niche-claim": fc.record({
    ...claim,
    niche: fc.record({
      task: fc.constantFrom(...taskNames),
      domain: fc.constantFrom(...domainNames),
      languages: fc.array(fc.constantFrom("en", "sw", "zh-Hant", "mul", "zxx"), { maxLength: 4 }),
      level: fc.constantFrom("0.8", "0.9", "0.95", "0.99"),
    }),
  }),
  contribution,
  "run-attempt": fc.record({
    attempt: fc.oneof(
      fc.record({
        event: fc.constant("begun"),
        asked: fc.record({ account: id, rows: fc.constantFrom("buyer", "evaluator", "public_set") }),
        runContract: fc.record({ sha256: hex }),
        dataSet: fc.record({ name: words, rows: fc.record({ sha256: hex }), n: count }),
        leftOut: count,
      }),
      fc.record({ event: fc.constantFrom("cancelled", "failed"), begun: hex, reason: words }),
    ),
    at: instant,
  }),
  "data-origin": fc.record({
    ...claim,
    data: fc.record({
      name: words,
      source: words,
      licence: fc.option(words),
      url: fc.option(fc.webUrl()),
      use: fc.constantFrom("training", "evaluation"),
      rowCount: fc.option(count),
    }),
  }),
  limitation: fc.record({
    ...claim,
    limitation: fc.record({
      type: fc.constantFrom(...limitationTypeNames),
      presence: fc.constantFrom("present", "absent"),
      severity: fc.constantFrom("minor", "moderate", "severe"),
      condition: words,
      measures: fc.option(
        fc.constantFrom(
          { quantity: "accuracy", slice: "html", name: "HTML mail" },
          { quantity: "recall", class: "spam" },
          { quantity: "coverage" },
        ),
      ),
    }),
  }),
  usage: fc
    .record({
      observer: fc.record({ role: fc.constantFrom("platform", "seller", "buyer"), account: id }),
      agreedBy,
      listing: id,
      span,
      calls: count,
      records: fc.option(fc.record({ sha256: hex })),
    })
    .map(({ span: [from, to], ...usage }) => ({
      ...usage,
      from,
      to,
      answered: Math.floor(usage.calls / 2),
    })),
  answer: fc.record({ seller: id, agreedBy, listing: id, answers: hex, body: words, statedAt: instant }),
  revocation: fc.record({
    signer: fc.record({ role: fc.constantFrom("platform", "account"), account: id }),
    agreedBy,
    withdraws: hex,
    reason: words,
    at: instant,
  }),
  "deal-record": fc.record({
    record: fc.constantFrom("standing_offer", "contract", "delivery", "acceptance", "dispute", "deletion"),
    deal: id,
    party: fc.constantFrom("buyer", "seller", "platform"),
    account: id,
    agreedBy: fc.constant({ method: "device_key" }),
    commitments: fc.uniqueArray(fc.record({ of: fc.constantFrom("terms", "price"), sha256: hex }), {
      selector: ({ of }) => of,
    }),
    at: instant,
  }),
  ruling: fc.record({
    deal: id,
    dispute: id,
    moderator: id,
    outcome: fc.constantFrom("release", "refund", "split"),
    commitments: fc.array(fc.record({ of: fc.constantFrom("amounts", "rationale"), sha256: hex }), {
      maxLength: 2,
    }),
    at: instant,
  }),
  key: fc
    .record({
      event: fc.constantFrom("enrolled", "revoked", "delegated", "approved"),
      account: fc.option(id),
      key: fc.record({
        id: fc.constant(keyId),
        kind: fc.constantFrom("device", "command_line", "delegated", "platform"),
        spki: fc.constant(spki.toString("base64")),
      }),
      enrolledBy: words,
      vouchedBy: fc.option(hex),
      effectiveAt: instant,
      at: instant,
    })
    .map((key) => ({ ...key, revokedAt: key.event === "revoked" ? key.at : null })),
  role: fc
    .record({ account: id, sells: fc.option(hex), span, lasts: fc.boolean() })
    .map(({ account, sells, span: [from, at], lasts }) => ({
      account,
      role: sells === null ? "evaluator" : "seller",
      sells,
      from,
      until: lasts ? null : at,
      at,
    })),
  completeness: fc
    .record({ size: fc.integer({ min: 1 }), root: hex, models: fc.array(hex, { maxLength: 4 }) })
    .map(({ size, root, models }) => ({
      day: "2026-11-22",
      part: 1,
      parts: 1,
      log: { size, root, lastIndex: size - 1 },
      totals: { models: models.length, statements: models.length, adverse: 0, withdrawn: 0 },
      models: models.map((modelDigest) => ({
        modelDigest,
        statements: 1,
        adverse: 0,
        withdrawn: 0,
        lastIndex: 0,
      })),
    })),
  tombstone: fc.record({
    envelope: hex,
    leafHash: hex,
    predicateType: fc.webUrl(),
    ground: words,
    reason: words,
    at: instant,
  }),
  "slsa-provenance": fc.record({
    buildDefinition: fc.record({ buildType: fc.webUrl(), externalParameters: fc.constant({ any: 1 }) }),
    runDetails: fc.record({
      builder: fc.record({ id: fc.webUrl() }),
      metadata: fc.record({ finishedOn: instant }),
    }),
  }),
  svr: fc.record({
    verifier: fc.record({ id: fc.webUrl() }),
    timeCreated: instant,
    properties: fc.array(fc.constantFrom("SCANNED", "REPRODUCED"), { maxLength: 3 }),
  }),
  "model-signing": fc
    .uniqueArray(fc.stringMatching(/^[a-z]{1,8}\.bin$/), { minLength: 1, maxLength: 4 })
    .map((names) => ({
      serialization: { method: "files", hash_type: "sha256", allow_symlinks: false },
      resources: names.sort().map((name) => ({ name, algorithm: "sha256", digest: digestOf(name) })),
    })),
};

/** A statement of a kind, with any content that the kind allows. */
export function anyStatementOf(name: string): fc.Arbitrary<Statement> {
  const kind = statementKinds.find((known) => known.name === name);
  const predicate = predicates[name];
  if (!kind || !predicate) throw new Error(`There are no statements of the kind ${name} to draw from.`);
  return fc.tuple(predicate, hex).map(([drawn, subject]) => {
    const said = plain(drawn);
    const sha256 = subjectOf(name, said) ?? subject;
    return makeStatement(kind.predicateType, [{ name: "model files", sha256 }], said);
  });
}

/** What a predicate itself says that it is about; null where any digest will do. */
function subjectOf(name: string, said: object): string | null {
  const { log, envelope, commitments, account } = said as {
    account: string;
    log: { root: string };
    envelope: string;
    commitments: { of: string; sha256: string }[];
  };
  switch (name) {
    case "model-signing":
      return cursorOf(said);
    case "key":
      return keyId;
    case "completeness":
      return log.root;
    case "tombstone":
      return envelope;
    case "role":
      return digestOf(account);
    case "deal-record":
      return commitments.find(({ of }) => of === "terms")?.sha256 ?? null;
    default:
      return null;
  }
}

/** The root digest that Model Signing names as subject: of the digests alone, without names. */
export function cursorOf(predicate: object): string {
  const { resources } = predicate as { resources: { digest: string }[] };
  return createHash("sha256")
    .update(Buffer.concat(resources.map(({ digest }) => Buffer.from(digest, "hex"))))
    .digest("hex");
}

export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
