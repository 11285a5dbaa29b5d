import { type RegistrationResponseJSON, verifyRegistrationResponse } from "@simplewebauthn/server";
import { expect, test, vi } from "vitest";
import { db } from "@/lib/platform/db";
import { changePassword } from "./commands/password";
import { addPasskey, offerEnrolment, offerPasskey, offerSignInPasskey } from "./commands/passkeys";
import { finishSecondStep, signIn, signInByPasskey } from "./commands/sign-in";
import { findAttempt } from "./commands/sign-in-attempt";
import { answerOf, challengeOf, framed, unverifying, verifying } from "./passkey.fixture";
import { openBrowser, openPerson, PASSWORD, race } from "./person.fixture";
import { getOwnSecondStep } from "./queries/second-factors";
import { findSessionActor } from "./session/session";

// The vectors were made for this address, which is read as soon as anything is logged.
vi.hoisted(() => {
  process.env["APP_ORIGIN"] = "https://example.org";
});

type Person = Awaited<ReturnType<typeof openPerson>>;
type Vector = typeof verifying;

/** Makes the challenge of a vector be the last one that was offered. */
async function expectVector(vector: Vector, name: "enrol" | "prove"): Promise<void> {
  const [last] = await db.passkeyChallenge.findMany({ orderBy: { expiresAt: "desc" }, take: 1 });
  const challenge = challengeOf(vector[name]);
  await db.passkeyChallenge.deleteMany({ where: { challenge } });
  await db.passkeyChallenge.update({ where: { challenge: last!.challenge }, data: { challenge } });
}

async function addVector(person: Person, vector: Vector) {
  await offerEnrolment(person.actor, { label: "Laptop", password: PASSWORD }, openBrowser());
  await expectVector(vector, "enrol");
  return addPasskey(person.actor, { label: "Laptop", passkey: answerOf(vector, "enrol") });
}

/** Somebody who added the passkey of the vectors; it belongs to one account at a time. */
async function openKeyHolder(): Promise<Person> {
  await db.secondFactor.deleteMany({ where: { kind: "passkey" } });
  const person = await openPerson("Ada");
  await addVector(person, verifying);
  return person;
}

const unproven = expect.objectContaining({ code: "passkey_unproven" });

test("a passkey of the W3C's vectors is added, with recovery codes, and signs in without a password", async () => {
  await db.secondFactor.deleteMany({ where: { kind: "passkey" } });
  const person = await openPerson("Ada");
  const { shownOnce } = await addVector(person, verifying);
  expect(shownOnce).toHaveLength(10);
  expect((await getOwnSecondStep(person.actor)).factors).toMatchObject([
    { kind: "passkey", label: "Laptop" },
  ]);
  const browser = openBrowser();
  const offered = await offerSignInPasskey(null, {}, browser);
  expect(JSON.parse(offered.values.options)).toMatchObject({
    rpId: "example.org",
    userVerification: "required",
  });
  expect(JSON.parse(offered.values.options).allowCredentials).toBeUndefined();
  await expectVector(verifying, "prove");
  const answer = answerOf(verifying, "prove");
  const { redirectTo } = await signInByPasskey(null, { passkey: answer, next: "/deals" }, browser);
  expect(redirectTo).toBe("/deals");
  const actor = await findSessionActor(browser.session?.sessionId ?? "");
  expect(actor?.accountId).toBe(person.accountId);
});

test.each([
  ["whose authenticator did not verify its user", unverifying],
  ["given in a frame of another site", framed],
] as const)("a passkey %s is refused, at adding and at proving", async (_what, vector) => {
  const person = await openPerson("Ada");
  await expect(addVector(person, vector)).rejects.toEqual(unproven);
  const made = await verifyRegistrationResponse({
    response: JSON.parse(answerOf(vector, "enrol")) as RegistrationResponseJSON,
    expectedChallenge: challengeOf(vector.enrol),
    expectedOrigin: "https://example.org",
    expectedRPID: "example.org",
    requireUserVerification: false,
  });
  const { id, publicKey } = made.registrationInfo!.credential;
  await db.secondFactor.create({
    data: {
      ...{ accountId: person.accountId, kind: "passkey", label: "Key", confirmedAt: new Date() },
      ...{ credentialId: id, publicKey, counter: 0, isBackedUp: true },
    },
  });
  const browser = openBrowser();
  await offerSignInPasskey(null, {}, browser);
  await expectVector(vector, "prove");
  const sent = { passkey: answerOf(vector, "prove"), next: "/" };
  await expect(signInByPasskey(null, sent, browser)).rejects.toEqual(unproven);
  expect(browser.session).toBeNull();
});

test("a challenge is answered once, of twenty times at the same moment, and by its own browser only", async () => {
  await openKeyHolder();
  const [browser, other] = [openBrowser(), openBrowser()];
  await offerSignInPasskey(null, {}, other);
  await offerSignInPasskey(null, {}, browser);
  await expectVector(verifying, "prove");
  const passkey = answerOf(verifying, "prove");
  await expect(signInByPasskey(null, { passkey, next: "/" }, other)).rejects.toEqual(unproven);
  const outcome = await race(
    Array.from({ length: 20 }, () => () => signInByPasskey(null, { passkey, next: "/" }, browser)),
  );
  expect(outcome.won).toBe(1);
  expect(outcome.codes.filter((code) => !["passkey_unproven", "attempt_over"].includes(code))).toEqual([]);
});

test("a challenge runs out after five minutes", async () => {
  await openKeyHolder();
  const browser = openBrowser();
  await offerSignInPasskey(null, {}, browser);
  await expectVector(verifying, "prove");
  const kept = await db.passkeyChallenge.findUniqueOrThrow({
    where: { challenge: challengeOf(verifying.prove) },
  });
  expect(kept.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(300_000);
  await db.passkeyChallenge.update({
    where: { challenge: kept.challenge },
    data: { expiresAt: new Date() },
  });
  await expect(
    signInByPasskey(null, { passkey: answerOf(verifying, "prove"), next: "/" }, browser),
  ).rejects.toEqual(unproven);
});

test("a changed signature, another site's answer and rubbish are refused alike", async () => {
  await openKeyHolder();
  const elsewhere = Buffer.from(
    JSON.stringify({
      type: "webauthn.get",
      challenge: challengeOf(verifying.prove),
      origin: "https://evil.example",
    }),
  ).toString("base64url");
  const answers = [
    answerOf(verifying, "prove", { signature: "AAAA" }),
    answerOf(verifying, "prove", { clientDataJSON: elsewhere }),
    answerOf(verifying, "prove", { userHandle: "c29tZWJvZHk" }),
    answerOf(verifying, "enrol"),
    "{}",
    "null",
    "rubbish",
  ];
  for (const passkey of answers) {
    const browser = openBrowser();
    await offerSignInPasskey(null, {}, browser);
    await expectVector(verifying, "prove");
    await expect(signInByPasskey(null, { passkey, next: "/" }, browser), passkey).rejects.toEqual(unproven);
  }
});

test("a passkey is the second step after the password of its own account only", async () => {
  const [holder, other] = [await openKeyHolder(), await openPerson("Mo", { roles: ["moderator"] })];
  for (const [person, isOwn] of [
    [other, false],
    [holder, true],
  ] as const) {
    const browser = openBrowser();
    await signIn(null, { email: person.email, password: PASSWORD, next: "/" }, browser);
    const attempt = await findAttempt(await browser.attemptSecret());
    expect(attempt?.accountId).toBe(person.accountId);
    await offerSignInPasskey(null, {}, browser);
    await expectVector(verifying, "prove");
    const finished = finishSecondStep(null, { passkey: answerOf(verifying, "prove") }, browser);
    if (isOwn) await finished;
    else await expect(finished).rejects.toEqual(unproven);
    expect(browser.session === null).toBe(!isOwn);
  }
});

test("a passkey re-authenticates in its own session, beside the password", async () => {
  const person = await openKeyHolder();
  const { values } = await offerPasskey(person.actor, {}, openBrowser());
  expect(JSON.parse(values.options).allowCredentials).toHaveLength(1);
  await expectVector(verifying, "prove");
  const passkey = answerOf(verifying, "prove");
  const input = { currentPassword: PASSWORD, newPassword: "kettle moss ferry anvil", passkey };
  await changePassword(person.actor, input, openBrowser());
  await expect(
    changePassword(
      person.actor,
      { ...input, currentPassword: input.newPassword, newPassword: "anvil ferry moss kettle" },
      openBrowser(),
    ),
  ).rejects.toEqual(unproven);
});

test("a passkey belongs to one account, and its counter never goes back", async () => {
  const holder = await openKeyHolder();
  const other = await openPerson("Eve");
  await expect(addVector(other, verifying)).rejects.toMatchObject({ code: "factor_taken" });
  await db.secondFactor.updateMany({ where: { accountId: holder.accountId }, data: { counter: 7 } });
  const browser = openBrowser();
  await offerSignInPasskey(null, {}, browser);
  await expectVector(verifying, "prove");
  await expect(
    signInByPasskey(null, { passkey: answerOf(verifying, "prove"), next: "/" }, browser),
  ).rejects.toEqual(unproven);
});
