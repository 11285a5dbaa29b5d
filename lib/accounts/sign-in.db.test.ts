import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { db } from "@/lib/platform/db";
import { countAttempt } from "./commands/attempts";
import { changePassword, requestPasswordReset, resetPassword } from "./commands/password";
import { reinstateAccount, suspendAccount } from "./commands/roles";
import { endOtherSessions, endSession } from "./commands/sessions";
import { signIn, signOut } from "./commands/sign-in";
import { mailedToken, mailsTo, openBrowser, openPerson, PASSWORD, race } from "./person.fixture";
import { listSessions } from "./queries/accounts";
import { findSessionActor } from "./session/session";
import { hashPassword } from "./session/sign-in";

const NEW_PASSWORD = "kettle moss ferry anvil";

async function signInAs(email: string, password = PASSWORD, userAgent = "Test") {
  const browser = openBrowser(userAgent);
  const answer = await signIn(null, { email, password, next: "/deals" }, browser);
  return { browser, answer };
}

test("signs in with a new session and leads back, but never to another site", async () => {
  const person = await openPerson("Ada");
  const { browser, answer } = await signInAs(person.email);
  expect(answer.redirectTo).toBe("/deals");
  expect(browser.session?.sessionId).not.toBe(person.sessionId);
  const elsewhere = await signIn(
    null,
    { email: person.email, password: PASSWORD, next: "//evil.example" },
    browser,
  );
  expect(elsewhere.redirectTo).toBe("/");
});

test("answers an unknown address like a wrong password", async () => {
  const person = await openPerson("Ada");
  const refusalOf = (email: string) => signInAs(email, "not the password").catch((error: unknown) => error);
  const [known, unknown] = [await refusalOf(person.email), await refusalOf(`${randomUUID()}@example.org`)];
  expect(unknown).toEqual(known);
  expect(known).toMatchObject({ code: "wrong_password" });
});

test("stops after ten passwords a minute for one address, known or not, even at the same moment", async () => {
  const person = await openPerson("Ada");
  for (const email of [person.email, `${randomUUID()}@example.org`]) {
    const { codes } = await race(Array.from({ length: 14 }, () => () => signInAs(email, "not the password")));
    expect(codes.filter((code) => code === "wrong_password")).toHaveLength(10);
    expect(codes.filter((code) => code === "too_many_attempts")).toHaveLength(4);
  }
  await expect(signInAs(person.email)).rejects.toMatchObject({
    code: "too_many_attempts",
    message: expect.stringMatching(/Wait \d+ seconds/),
  });
});

/** How many of so many at once were let through. */
async function letThrough(many: number, attempt: () => Promise<unknown>): Promise<number> {
  return (await race(Array.from({ length: many }, () => attempt))).won;
}

test("stops a client after fifty passwords a minute, whichever addresses it tries", async () => {
  expect(await letThrough(55, () => countAttempt("password", randomUUID(), "203.0.113.7"))).toBe(50);
  await expect(countAttempt("password", randomUUID(), "203.0.113.8")).resolves.toBeUndefined();
});

test("stops a client after sixty mails an hour, and one address after six", async () => {
  expect(await letThrough(65, () => countAttempt("mail", randomUUID(), "203.0.113.9"))).toBe(60);
  const email = randomUUID();
  let clients = 0;
  expect(await letThrough(9, () => countAttempt("mail", email, `198.51.100.${(clients += 1)}`))).toBe(6);
});

test("six hundred resets by clients nobody knows stop no sign-in, and neither do as many passwords a reset", async () => {
  const person = await openPerson("Ada");
  const unknown = { ...openBrowser(), ip: null };
  const enter = () => signIn(null, { email: person.email, password: PASSWORD, next: "/" }, unknown);
  expect(await letThrough(610, () => countAttempt("mail", randomUUID(), null))).toBe(600);
  await enter();
  // The sign-in above is the first of these.
  expect(await letThrough(610, () => countAttempt("password", randomUUID(), null))).toBe(599);
  await expect(enter()).rejects.toMatchObject({ code: "too_many_attempts" });
  await signInAs(person.email);
  await expect(countAttempt("mail", randomUUID(), "203.0.113.10")).resolves.toBeUndefined();
});

test("tells those to come back who would wait behind sixty passwords", async () => {
  const { won, codes } = await race(Array.from({ length: 200 }, () => () => hashPassword(PASSWORD)));
  expect(won).toBeGreaterThanOrEqual(60);
  expect(won).toBeLessThan(60 + availableParallelism());
  expect(new Set(codes)).toEqual(new Set(["too_many_attempts"]));
});

test("an owner signs in where they did before, however many strangers try the address", async () => {
  const person = await openPerson("Ada");
  const { browser } = await signInAs(person.email);
  await letThrough(14, () => signInAs(person.email, "not the password"));
  const again = (password: string) => signIn(null, { email: person.email, password, next: "/" }, browser);
  await expect(signInAs(person.email)).rejects.toMatchObject({ code: "too_many_attempts" });
  await expect(again(PASSWORD)).resolves.toMatchObject({ redirectTo: "/" });
  const { codes } = await race(Array.from({ length: 14 }, () => () => again("not the password")));
  expect(codes.filter((code) => code === "wrong_password")).toHaveLength(10);
});

test("a browser that knew an old password, or another account, counts as a stranger", async () => {
  const [ada, eve] = [await openPerson("Ada"), await openPerson("Eve")];
  const [own, foreign] = [(await signInAs(ada.email)).browser, (await signInAs(eve.email)).browser];
  await changePassword(ada.actor, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, openBrowser());
  await letThrough(14, () => signInAs(ada.email, "not the password"));
  for (const browser of [own, foreign]) {
    const attempt = signIn(null, { email: ada.email, password: NEW_PASSWORD, next: "/" }, browser);
    await expect(attempt).rejects.toMatchObject({ code: "too_many_attempts" });
  }
});

test("failed sign-ins of others leave somebody who is signed in their own passwords", async () => {
  const person = await openPerson("Ada");
  await letThrough(14, () => signInAs(person.email, "not the password"));
  expect(await findSessionActor(person.sessionId)).not.toBeNull();
  const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
  await expect(changePassword(person.actor, change, openBrowser())).resolves.toMatchObject({
    message: expect.stringContaining("changed"),
  });
});

test("counts from the start again after the right password", async () => {
  const person = await openPerson("Ada");
  for (let round = 0; round < 3; round++) {
    for (let attempt = 0; attempt < 9; attempt++)
      await signInAs(person.email, "wrong one").catch(() => undefined);
    await signInAs(person.email);
  }
});

test("ends the session of a browser that signs in anew, and of one that signs out", async () => {
  const person = await openPerson("Ada");
  const browser = openBrowser();
  await signIn(person.actor, { email: person.email, password: PASSWORD, next: "/" }, browser);
  expect(await findSessionActor(person.sessionId)).toBeNull();
  const sessionId = browser.session?.sessionId ?? "";
  const actor = await findSessionActor(sessionId);
  expect(actor).not.toBeNull();
  await signOut(actor, {}, browser);
  expect(await findSessionActor(sessionId)).toBeNull();
  expect(browser.session).toBeNull();
});

test("tells the owner of a device it has not seen, and not of one it has", async () => {
  const person = await openPerson("Ada");
  const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
  await signInAs(person.email, PASSWORD, firefox);
  await signInAs(person.email, PASSWORD, firefox.replaceAll("143", "144"));
  const notices = (await mailsTo(person.email)).filter((mail) => mail.subject.startsWith("New sign-in"));
  expect(notices).toHaveLength(1);
  expect(notices[0]?.text).toContain("Firefox on Linux");
});

test("acts on the next request when a session is ended", async () => {
  const person = await openPerson("Ada");
  const { browser } = await signInAs(person.email);
  const sessionId = browser.session?.sessionId ?? "";
  expect(await findSessionActor(sessionId)).not.toBeNull();
  await endSession(person.actor, { sessionId });
  expect(await findSessionActor(sessionId)).toBeNull();
  expect(await findSessionActor(person.sessionId)).not.toBeNull();
});

test("hides a stranger's session: it can neither be listed nor ended", async () => {
  const [ada, eve] = [await openPerson("Ada"), await openPerson("Eve")];
  await expect(endSession(eve.actor, { sessionId: ada.sessionId })).rejects.toMatchObject({
    code: "not_found",
  });
  await endOtherSessions(eve.actor);
  expect(await findSessionActor(ada.sessionId)).not.toBeNull();
  const { sessions } = await listSessions(eve.actor);
  expect(sessions.map((one) => one.sessionId)).toEqual([eve.sessionId]);
});

test("ends all sessions but the one that asks", async () => {
  const person = await openPerson("Ada");
  const others = [await signInAs(person.email), await signInAs(person.email)];
  await endOtherSessions(person.actor);
  for (const { browser } of others)
    expect(await findSessionActor(browser.session?.sessionId ?? "")).toBeNull();
  expect(await findSessionActor(person.sessionId)).not.toBeNull();
});

test("changes a password only for who knows the present one, and ends the other sessions", async () => {
  const person = await openPerson("Ada");
  const { browser } = await signInAs(person.email);
  const change = (currentPassword: string, newPassword: string) =>
    changePassword(person.actor, { currentPassword, newPassword }, openBrowser());
  await expect(change("wrong", NEW_PASSWORD)).rejects.toMatchObject({ code: "wrong_password" });
  await expect(change(PASSWORD, "qwertyuiop")).rejects.toMatchObject({ code: "weak_password" });
  await expect(change(PASSWORD, PASSWORD)).rejects.toMatchObject({ code: "weak_password" });
  await change(PASSWORD, NEW_PASSWORD);
  expect(await findSessionActor(person.sessionId)).not.toBeNull();
  expect(await findSessionActor(browser.session?.sessionId ?? "")).toBeNull();
  await expect(signInAs(person.email)).rejects.toMatchObject({ code: "wrong_password" });
  await signInAs(person.email, NEW_PASSWORD);
});

test("answers a reset for an unknown address like one for a known address, and mails nobody", async () => {
  const person = await openPerson("Ada");
  const stranger = `${randomUUID()}@example.org`;
  const known = await requestPasswordReset(null, { email: person.email }, openBrowser());
  const unknown = await requestPasswordReset(null, { email: stranger }, openBrowser());
  expect(unknown).toEqual(known);
  expect(await mailsTo(stranger)).toEqual([]);
});

test("resets a password once, ends every session and voids the other links", async () => {
  const person = await openPerson("Ada", { isVerified: false });
  await requestPasswordReset(null, { email: person.email }, openBrowser());
  const older = await mailedToken(person.email, "new password");
  await requestPasswordReset(null, { email: person.email }, openBrowser());
  const token = await mailedToken(person.email, "new password");

  await expect(resetPassword(null, { token, password: "password1234" }, openBrowser())).rejects.toMatchObject(
    {
      code: "weak_password",
    },
  );
  const outcome = await race(
    Array.from(
      { length: 6 },
      () => () => resetPassword(null, { token, password: NEW_PASSWORD }, openBrowser()),
    ),
  );
  expect(outcome.won).toBe(1);
  expect(new Set(outcome.codes)).toEqual(new Set(["token_unusable"]));
  await expect(
    resetPassword(null, { token: older, password: NEW_PASSWORD }, openBrowser()),
  ).rejects.toMatchObject({
    code: "token_unusable",
  });
  expect(await findSessionActor(person.sessionId)).toBeNull();
  await signInAs(person.email, NEW_PASSWORD);
  const account = await db.account.findUniqueOrThrow({ where: { id: person.accountId } });
  expect(account.emailVerifiedAt).not.toBeNull();
});

test("refuses a link that has run out, and one made for something else", async () => {
  const person = await openPerson("Ada");
  await requestPasswordReset(null, { email: person.email }, openBrowser());
  const token = await mailedToken(person.email, "new password");
  await db.emailToken.updateMany({
    where: { accountId: person.accountId },
    data: { purpose: "verify_email" },
  });
  await expect(resetPassword(null, { token, password: NEW_PASSWORD }, openBrowser())).rejects.toMatchObject({
    code: "token_unusable",
  });
  await db.emailToken.updateMany({
    where: { accountId: person.accountId },
    data: { purpose: "reset_password", expiresAt: new Date(Date.now() - 1000) },
  });
  await expect(resetPassword(null, { token, password: NEW_PASSWORD }, openBrowser())).rejects.toMatchObject({
    code: "token_unusable",
  });
});

test("shuts a suspended account out on the next request, and tells why only to who has the password", async () => {
  const [person, moderator] = [await openPerson("Ada"), await openPerson("Mo", { roles: ["moderator"] })];
  await db.$transaction((tx) =>
    suspendAccount(tx, moderator.actor, person.accountId, "sold what was not theirs"),
  );
  expect(await findSessionActor(person.sessionId)).toBeNull();
  await expect(signInAs(person.email, "not the password")).rejects.toMatchObject({ code: "wrong_password" });
  await expect(signInAs(person.email)).rejects.toMatchObject({
    code: "suspended",
    message: expect.stringContaining("sold what was not theirs"),
  });
  await db.$transaction((tx) => reinstateAccount(tx, moderator.actor, person.accountId, "appeal granted"));
  await signInAs(person.email);
  expect(await findSessionActor(person.sessionId)).toBeNull();
});
