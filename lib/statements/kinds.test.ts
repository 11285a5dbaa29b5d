import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DomainError } from "@/lib/shared/domain-error";
import {
  isAdverse,
  kindOf,
  mayWithdraw,
  predicateJsonSchema,
  sentencesOf,
  speakerOf,
  statementKinds,
  subjectDigestsOf,
  withdrawnEnvelopeOf,
} from "./kinds";
import { evaluationKind } from "./kinds/evaluation";
import { modelSigningKind } from "./kinds/model-signing";
import { revocationKind, revocationStatement } from "./kinds/revocation";
import { rulingStatement } from "./kinds/ruling";
import { anyStatementOf, digestOf, cursorOf } from "./kinds/statements.fixture";
import { tombstoneStatement } from "./kinds/tombstone";
import { replyStatement } from "./reply-statement";
import { sentenceText } from "./sentence";
import { withdrawalStatement } from "./withdrawal-statement";
import { requireSpeakersKey } from "@/lib/evidence/signer-policy";
import { readableText } from "@/lib/shared/readable-text.fixture";
import { type Statement, makeStatement, statementBytes } from "./statement";

const platform = { kind: "platform" as const, accountId: null };
const device = (accountId: string) => ({ kind: "device" as const, accountId });
const subject = [{ name: "model files", sha256: "a".repeat(64) }];

function refusalOf(statement: Statement, signer: Parameters<typeof requireSpeakersKey>[1]): string | null {
  try {
    requireSpeakersKey(statement, signer);
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

test("the kinds of statement are those that are promised, each under a name and an address of its own", () => {
  expect(statementKinds.map(({ name }) => name).sort()).toEqual([
    "answer",
    "completeness",
    "contribution",
    "data-origin",
    "deal-record",
    "evaluation",
    "key",
    "limitation",
    "model-signing",
    "niche-claim",
    "revocation",
    "role",
    "ruling",
    "run-attempt",
    "slsa-provenance",
    "svr",
    "tombstone",
    "usage",
  ]);
  expect(new Set(statementKinds.map(({ predicateType }) => predicateType)).size).toBe(statementKinds.length);
});

describe.each(statementKinds.map((kind) => [kind.name, kind] as const))("a statement of %s", (name, kind) => {
  test("is said in sentences that name its signer, and says what it does not show", () => {
    fc.assert(
      fc.property(anyStatementOf(name), (statement) => {
        const { headline, facts, doesNotShow } = sentencesOf(statement, "Ada Signer");
        expect(sentenceText(headline)).toContain("Ada Signer");
        for (const sentence of [headline, ...facts])
          expect(sentenceText(sentence)).not.toMatch(/undefined|NaN|\[object|Invalid Date/);
        expect(doesNotShow.length).toBeGreaterThan(0);
        expect(doesNotShow).toBe(kind.doesNotProve);
      }),
      { numRuns: 60 },
    );
  });

  test("is the same bytes for whoever writes it", () => {
    fc.assert(
      fc.property(anyStatementOf(name), (statement) => {
        const turned = JSON.parse(JSON.stringify(statement)) as Statement;
        expect(statementBytes(turned)).toEqual(statementBytes(statement));
      }),
      { numRuns: 30 },
    );
  });

  test("is taken from the key of who speaks in it, and from nobody else's", () => {
    fc.assert(
      fc.property(anyStatementOf(name), (statement) => {
        const speaker = speakerOf(statement);
        if (!speaker) throw new Error("It says who speaks.");
        const delegated = { kind: "delegated" as const, accountId: "ann" };
        expect(refusalOf(statement, delegated)).toBe("signer_may_not");
        expect(refusalOf(statement, { kind: "platform", accountId: "ann" })).toBe("signer_may_not");
        if (speaker.by === "signer") {
          expect(refusalOf(statement, device("ann"))).toBeNull();
          return;
        }
        const isPlatforms = speaker.by === "platform" || speaker.agreedBy !== "device_key";
        const right = isPlatforms ? platform : device(speaker.accountId);
        expect(refusalOf(statement, right)).toBeNull();
        expect(refusalOf(statement, device("somebody else"))).toBe("signer_may_not");
        if (!isPlatforms) expect(refusalOf(statement, platform)).toBe("signer_may_not");
        if (speaker.by === "account" && isPlatforms)
          expect(refusalOf(statement, device(speaker.accountId))).toBe("signer_may_not");
      }),
      { numRuns: 60 },
    );
  });

  test("is refused when its content does not have the form of its kind, and says so without guessing", () => {
    for (const predicate of [undefined, null, {}, [], "x", { seller: 1 }]) {
      const broken = makeStatement(kind.predicateType, subject, predicate);
      expect(refusalOf(broken, platform)).toBe("statement_malformed");
      expect(isAdverse(broken)).toBe(false);
      expect(withdrawnEnvelopeOf(broken)).toBeNull();
      expect(sentenceText(sentencesOf(broken, "Ada").headline)).toContain(
        "does not have the form of its kind",
      );
    }
  });

  test("has a published JSON Schema that names its address and what it does not show", () => {
    const schema = predicateJsonSchema(name);
    expect(schema).toMatchObject({
      $id: `https://offcut.example/predicates/${name}/v1`,
      title: kind.title,
      type: "object",
    });
    expect(schema?.["description"]).toContain(kind.doesNotProve[0] ?? "");
  });
});

test.each(["relation", "results", "showsNiche", "clusters", "slices"])(
  "an evaluation without %s is none",
  (field) => {
    fc.assert(
      fc.property(anyStatementOf("evaluation"), (statement) => {
        const predicate = structuredClone(statement.predicate) as { evaluator: object };
        const owner = field === "relation" ? predicate.evaluator : predicate;
        expect(Reflect.deleteProperty(owner, field)).toBe(true);
        expect(speakerOf(makeStatement(evaluationKind.predicateType, subject, predicate))).toBeNull();
      }),
    );
  },
);

test("a run that shows no niche, a rejected contribution and a ruling for the buyer are adverse", () => {
  const adverse = (name: string, of: (predicate: Record<string, unknown>) => boolean) =>
    fc.assert(
      fc.property(anyStatementOf(name), (statement) => {
        expect(isAdverse(statement)).toBe(of(statement.predicate as Record<string, unknown>));
      }),
    );
  adverse("evaluation", ({ showsNiche }) => showsNiche === false);
  adverse("contribution", ({ stance }) => stance === "rejected");
  adverse("ruling", ({ outcome }) => outcome !== "release");
  adverse("deal-record", ({ record }) => record === "dispute");
  for (const name of ["limitation", "answer", "revocation", "niche-claim", "usage"])
    adverse(name, () => false);
});

test("a withdrawal counts when it comes from who spoke, with whichever key", () => {
  const claim = (seller: string, agreedBy?: object) =>
    makeStatement(kindOf("https://offcut.example/predicates/answer/v1")?.predicateType ?? "", subject, {
      seller,
      ...(agreedBy ? { agreedBy } : {}),
      listing: "l",
      answers: "b".repeat(64),
      body: "So it is.",
      statedAt: "2026-11-22T00:00:00.000Z",
    });
  const withdraws = "c".repeat(64);
  const by = (role: "account" | "platform", account: string) =>
    revocationStatement(
      { signer: { role, account }, withdraws, reason: "", at: "2026-11-23T00:00:00.000Z" },
      ["a".repeat(64)],
    );
  const revocation = { statement: by("account", "ann"), keyId: "k1" };
  expect(withdrawnEnvelopeOf(revocation.statement)).toBe(withdraws);
  expect(subjectDigestsOf(revocation.statement)).toEqual([withdraws, "a".repeat(64)]);
  const session = { method: "session", session: "s" };
  expect(mayWithdraw(revocation, { statement: claim("ann"), keyId: "k2" })).toBe(true);
  expect(mayWithdraw(revocation, { statement: claim("ann", session), keyId: "platform" })).toBe(true);
  expect(mayWithdraw(revocation, { statement: claim("bob"), keyId: "k1" })).toBe(false);
  expect(
    mayWithdraw({ statement: by("platform", "x"), keyId: "k" }, { statement: claim("ann"), keyId: "k" }),
  ).toBe(false);
  const foreign = makeStatement("https://in-toto.io/attestation/svr/v0.2", subject, {
    verifier: { id: "https://verifier.example" },
    timeCreated: "2026-11-22T00:00:00Z",
    properties: [],
  });
  expect(mayWithdraw(revocation, { statement: foreign, keyId: "k1" })).toBe(true);
  expect(mayWithdraw(revocation, { statement: foreign, keyId: "k2" })).toBe(false);
  expect(revocationKind.isAdverse(revocation.statement)).toBe(false);
});

test("a signed list of files is about its manifest with names, not about its root digest", () => {
  const listed = (names: readonly string[], digests = names.map(digestOf)) => ({
    serialization: { method: "files", hash_type: "sha256" },
    resources: names.map((name, at) => ({ name, algorithm: "sha256", digest: digests[at] })),
  });
  const statementOf = (predicate: object, root = cursorOf(predicate)) =>
    makeStatement(modelSigningKind.predicateType, [{ sha256: root }], predicate);
  const original = listed(["a.bin", "b.bin"]);
  const renamed = listed(["a.bin", "c.bin"], ["a.bin", "b.bin"].map(digestOf));
  expect(cursorOf(renamed)).toBe(cursorOf(original));
  const [about] = subjectDigestsOf(statementOf(original)) ?? [];
  expect(about).toMatch(/^[0-9a-f]{64}$/);
  expect(about).not.toBe(cursorOf(original));
  expect(subjectDigestsOf(statementOf(renamed))).not.toEqual([about]);
  expect(refusalOf(statementOf(original, "d".repeat(64)), device("ann"))).toBe("statement_malformed");
  expect(refusalOf(statementOf(listed(["../x"])), device("ann"))).toBe("statement_malformed");
});

test("a ruling tells the outcome, and amounts and reasons only as salted digests", () => {
  const ruling = (buyerMinor: bigint, saltHex: string) =>
    rulingStatement({
      deal: "deal-1",
      dispute: "dispute-1",
      moderator: "moderator-1",
      outcome: "split",
      buyerMinor,
      sellerMinor: 777_777n,
      currency: "EUR",
      rationale: "The rows were late.",
      termsSha256: "e".repeat(64),
      modelDigest: "a".repeat(64),
      saltHex,
      at: new Date("2026-11-22T00:00:00.000Z"),
    });
  const said = new TextDecoder().decode(statementBytes(ruling(333_333n, "1".repeat(64))));
  expect(readableText(said)).not.toMatch(/333333|777777|rows were late/);
  expect(said).not.toBe(new TextDecoder().decode(statementBytes(ruling(333_333n, "2".repeat(64)))));
  expect(refusalOf(ruling(1n, "1".repeat(64)), platform)).toBeNull();
  expect(refusalOf(ruling(1n, "1".repeat(64)), device("moderator-1"))).toBe("signer_may_not");
  expect(subjectDigestsOf(ruling(1n, "1".repeat(64)))).toContain("a".repeat(64));
});

test("a kind that is not kept here is refused, and shown as unknown", () => {
  const foreign = makeStatement("https://example.org/other/v1", subject, {});
  expect(refusalOf(foreign, platform)).toBe("predicate_unknown");
  expect(sentenceText(sentencesOf(foreign, "Ada").headline)).toContain("unknown kind");
});

test("what was erased is named under its subjects, as many of them as a statement takes", () => {
  const predicate = {
    envelope: "e".repeat(64),
    leafHash: "f".repeat(64),
    predicateType: modelSigningKind.predicateType,
    ground: "Art. 17 GDPR",
    reason: "A file's name is a person's.",
    at: "2026-11-22T10:00:00.000Z",
  };
  const erased = Array.from({ length: 1_000 }, (_, at) => at.toString(16).padStart(64, "0"));
  const named = subjectDigestsOf(tombstoneStatement(predicate, erased)) ?? [];
  expect(named).toEqual([predicate.envelope, ...erased.slice(0, 999)]);
});

test("a reply and a withdrawal take evidence about as many things as a statement takes", () => {
  const [envelope, at] = ["e".repeat(64), "2026-11-22T10:00:00.000Z"];
  const subjects = Array.from({ length: 1_000 }, (_, n) => n.toString(16).padStart(64, "0"));
  const reply = replyStatement({
    sellerId: "s",
    listingId: "l",
    answers: envelope,
    subjects,
    body: "So.",
    at,
  });
  const withdrawal = withdrawalStatement({
    accountId: "s",
    withdraws: envelope,
    subjects,
    reason: "Why.",
    at,
  });
  for (const statement of [reply, withdrawal]) {
    expect(subjectDigestsOf(statement)).toEqual([envelope, ...subjects.slice(0, 999)]);
  }
});
