import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Secret } from "otpauth";
import { expect, test } from "vitest";
import { db, inTransaction } from "@/lib/platform/db";
import { once } from "@/lib/platform/receipts";
import { DomainError } from "@/lib/shared/domain-error";
import type { Actor } from "./actor";
import { makeRecoveryCodes } from "./commands/add-factor";
import { countAttempt, countCode, forgetCodes } from "./commands/attempts";
import { askFactorRemoval, removeLostFactors, stopFactorRemoval } from "./commands/factor-removal";
import { enrolCommandLineKey, enrolKeyByPassword } from "./commands/keys";
import { changePassword, requestPasswordReset, resetPassword } from "./commands/password";
import { proveSecondStep } from "./commands/prove-second-step";
import { requireSecondFactor } from "./commands/require-second-factor";
import { grantRole, revokeRole } from "./commands/roles";
import {
  confirmApp,
  removeFactor,
  renameFactor,
  replaceRecoveryCodes,
  startApp,
} from "./commands/second-factors";
import { finishSecondStep, signIn } from "./commands/sign-in";
import { endAttempt, findAttempt } from "./commands/sign-in-attempt";
import { confirmAddress, sendConfirmation } from "./commands/sign-up";
import { device } from "./device.fixture";
import { addApp, codesOf } from "./factor.fixture";
import { forgetStaleAccounts } from "./jobs";
import { mailedToken, mailsTo, openBrowser, openPerson, PASSWORD, race } from "./person.fixture";
import { searchAccounts } from "./queries/accounts";
import { findOwnUnconfirmedApp, getOwnSecondStep } from "./queries/second-factors";
import { authOptions } from "./session/auth-options";
import { askedBy } from "./session/request";
import { openSession } from "./session/sign-in";
import { findSessionActor } from "./session/session";

const NEW_PASSWORD = "kettle moss ferry anvil";
const reason = "lost the phone";

/** Somebody with an authenticator app and no session from before it. */
async function openTwoStep(name: string) {
  const person = await openPerson(name);
  const app = await addApp(person.accountId);
  await db.session.updateMany({
    where: { id: person.sessionId },
    data: { secondFactorAt: new Date() },
  });
  return { ...person, app };
}

/** A browser after the right password. */
async function afterPassword(email: string, next = "/deals") {
  const browser = openBrowser();
  const answer = await signIn(null, { email, password: PASSWORD, next }, browser);
  return { browser, answer };
}

/** What the app that waits for its first code shows now. */
async function codeOfWaiting(actor: Actor): Promise<string> {
  const waiting = await findOwnUnconfirmedApp(actor);
  return codesOf(Secret.fromBase32(waiting?.secret.replaceAll(" ", "") ?? "").hex)();
}

/** Adds an app through the commands, as its owner does; returns its codes and what was shown once. */
async function enrolApp(person: Awaited<ReturnType<typeof openPerson>>) {
  await startApp(person.actor, { label: "Phone", password: PASSWORD }, openBrowser());
  const code = await codeOfWaiting(person.actor);
  const { shownOnce } = await confirmApp(person.actor, { code }, openBrowser());
  return { code, shownOnce: shownOnce ?? [] };
}

/** Gives one code twenty times at the same moment, past the limit on wrong ones, which would refuse most of them first. */
async function twentyTimes(accountId: string, code: string) {
  const prove = async (): Promise<unknown> => {
    try {
      return await proveSecondStep(accountId, { code }, null, null);
    } catch (error) {
      if ((error as { code?: string }).code !== "too_many_attempts") throw error;
      await forgetCodes(accountId);
      return prove();
    }
  };
  return race(Array.from({ length: 20 }, () => prove));
}

test("an account with a factor has no session and no actor before its second step", async () => {
  const person = await openTwoStep("Ada");
  const before = await db.session.count({ where: { accountId: person.accountId } });
  const { browser, answer } = await afterPassword(person.email);
  expect(answer.redirectTo).toBe("/sign-in/second-step");
  expect(browser.session).toBeNull();
  expect(await db.session.count({ where: { accountId: person.accountId } })).toBe(before);
  const done = await finishSecondStep(null, { code: person.app.code() }, browser);
  expect(done.redirectTo).toBe("/deals");
  expect((await findSessionActor(browser.session?.sessionId ?? ""))?.accountId).toBe(person.accountId);
  expect(await browser.attemptSecret()).toBeNull();
});

test("no way in leads past the second step: a mailed link, next-auth's own endpoint, or code that forgets it", async () => {
  const person = await openTwoStep("Ada");
  await db.account.update({ where: { id: person.accountId }, data: { emailVerifiedAt: null } });
  await sendConfirmation(person.actor, {}, openBrowser());
  const token = await mailedToken(person.email, "Confirm your address");
  const browser = openBrowser();
  const confirmed = await confirmAddress(null, { token, password: PASSWORD }, browser);
  expect(confirmed.redirectTo).toBe("/sign-in/second-step");
  expect(browser.session).toBeNull();

  const [provider] = authOptions().providers;
  const { authorize } = provider?.options as unknown as {
    authorize: (credentials: object, request: { headers: object }) => Promise<unknown>;
  };
  expect(await authorize({ email: person.email, password: PASSWORD }, { headers: {} })).toBeNull();
  const plain = await openPerson("Eve");
  expect(await authorize({ email: plain.email, password: PASSWORD }, { headers: {} })).not.toBeNull();

  await expect(inTransaction((tx) => openSession(tx, person.accountId, "Test"))).rejects.toMatchObject({
    code: "second_step_needed",
  });
  await expect(
    db.$executeRaw`INSERT INTO "Session" (id, "accountId", "expiresAt") VALUES ('x', ${person.accountId}, now())`,
  ).rejects.toThrow("this account signs in with a second factor");
});

test("a session from before the first factor has no actor, even where nothing ended it", async () => {
  const person = await openPerson("Ada");
  expect(await findSessionActor(person.sessionId)).not.toBeNull();
  await addApp(person.accountId);
  expect(await findSessionActor(person.sessionId)).toBeNull();
});

test("of sign-ins at the moment a first factor is added none keeps a session without it", async () => {
  const person = await openPerson("Ada");
  await startApp(person.actor, { label: "Phone", password: PASSWORD }, openBrowser());
  const code = await codeOfWaiting(person.actor);
  const outcome = await race([
    ...Array.from({ length: 4 }, () => () => afterPassword(person.email)),
    () => confirmApp(person.actor, { code }, openBrowser()),
    ...Array.from({ length: 4 }, () => () => afterPassword(person.email)),
  ]);
  expect(outcome).toEqual({ won: 9, codes: [] });
  const unconfirmed = { accountId: person.accountId, endedAt: null, secondFactorAt: null };
  expect(await db.session.count({ where: unconfirmed })).toBe(0);
  expect(await findSessionActor(person.sessionId)).not.toBeNull();
});

test("one code given twenty times at the same moment is right once", async () => {
  const person = await openTwoStep("Ada");
  const proved = await twentyTimes(person.accountId, person.app.code());
  expect(proved).toEqual({ won: 1, codes: Array(19).fill("wrong_code") });
});

test("one attempt finished twenty times at the same moment opens one session", async () => {
  const person = await openTwoStep("Ada");
  const { browser } = await afterPassword(person.email);
  const attempt = await findAttempt(await browser.attemptSecret());
  const ends = Array.from({ length: 20 }, () => () => inTransaction((tx) => endAttempt(tx, attempt!.id)));
  expect(await race(ends)).toEqual({ won: 1, codes: Array(19).fill("attempt_over") });
});

test("after a code neither it nor an earlier one works, and a later one does", async () => {
  const person = await openTwoStep("Ada");
  const [earlier, present, later] = [-1, 0, 1].map(person.app.code);
  const first = await afterPassword(person.email);
  await finishSecondStep(null, { code: present }, first.browser);
  const { browser } = await afterPassword(person.email);
  for (const code of [present, earlier]) {
    await expect(finishSecondStep(null, { code }, browser)).rejects.toMatchObject({ code: "wrong_code" });
  }
  await finishSecondStep(null, { code: later }, browser);
  expect(browser.session).not.toBeNull();
  await expect(
    db.$executeRaw`UPDATE "SecondFactor" SET "lastStep" = 1 WHERE id = ${person.app.id}`,
  ).rejects.toThrow("never goes back");
});

test("five wrong codes a minute stop further ones, apart from passwords and from who is signed in", async () => {
  const person = await openTwoStep("Ada");
  const { browser } = await afterPassword(person.email);
  for (let tried = 0; tried < 5; tried++) {
    const wrong = String((Number(person.app.code()) + 1 + tried) % 1_000_000).padStart(6, "0");
    await expect(finishSecondStep(null, { code: wrong }, browser)).rejects.toMatchObject({
      code: "wrong_code",
    });
  }
  await expect(finishSecondStep(null, { code: person.app.code() }, browser)).rejects.toMatchObject({
    code: "too_many_attempts",
    message: expect.stringMatching(/Wait \d+ seconds/),
  });
  await countAttempt("password", person.email, null);
  expect(await findSessionActor(person.sessionId)).not.toBeNull();
  const subjects = (await mailsTo(person.email)).map(({ subject }) => subject);
  expect(subjects.filter((subject) => subject === "Somebody fails at your second step")).toHaveLength(1);
});

test("a recovery code that was spent for what was then refused leaves no receipt of it", async () => {
  const person = await openPerson("Ada");
  const { shownOnce } = await enrolApp(person);
  const key = randomUUID();
  const asked = await askedBy(person.actor, { key, command: "spend", input: {} });
  const spend = async () => {
    await proveSecondStep(person.accountId, { code: shownOnce[0] }, null, null);
    throw new DomainError("limit_reached", "No room.");
  };
  await expect(once(asked, spend, undefined)).rejects.toMatchObject({ code: "limit_reached" });
  expect(await db.commandReceipt.count({ where: { key } })).toBe(0);
});

test("wrong codes of a stranger leave the owner the recovery codes, to sign in and to reset the password", async () => {
  const person = await openPerson("Ada");
  const { shownOnce } = await enrolApp(person);
  const { browser: stranger } = await afterPassword(person.email);
  for (let tried = 0; tried < 8; tried++)
    await finishSecondStep(null, { code: "0000-0000-0000-0000" }, stranger).catch(() => undefined);
  for (let tried = 0; tried < 8; tried++)
    await countCode(person.accountId, null, true).catch(() => undefined);
  const { browser } = await afterPassword(person.email);
  await finishSecondStep(null, { code: shownOnce[0] }, browser);
  expect(browser.session).not.toBeNull();
});

test("fifty wrong codes of an app a day stop the app until the next day, and not a recovery code", async () => {
  const person = await openPerson("Ada");
  const { shownOnce } = await enrolApp(person);
  const tried: string[] = [];
  for (let minute = 0; minute < 11; minute++) {
    for (let code = 0; code < 5; code++) {
      const counted = countCode(person.accountId, null, true);
      tried.push(
        await counted.then(
          () => "counted",
          (refusal: Error) => refusal.message,
        ),
      );
    }
    // A minute passes.
    await db.attemptCount.deleteMany({ where: { key: { startsWith: "code:" } } });
  }
  // One of the day was the code that confirmed the app.
  expect(tried.filter((one) => one === "counted")).toHaveLength(49);
  await forgetCodes(person.accountId);
  await expect(countCode(person.accountId, null, true)).rejects.toMatchObject({ code: "too_many_attempts" });
  expect(tried.at(-1)).toMatch(/Wait 24 hours/);
  const { browser } = await afterPassword(person.email);
  await finishSecondStep(null, { code: shownOnce[0] }, browser);
  expect(browser.session).not.toBeNull();
});

test("an attempt lasts five minutes, belongs to its browser, and dies with the password that began it", async () => {
  const person = await openTwoStep("Ada");
  const { browser } = await afterPassword(person.email);
  await expect(finishSecondStep(null, { code: person.app.code() }, openBrowser())).rejects.toMatchObject({
    code: "attempt_over",
  });
  const [attempt] = await db.signInAttempt.findMany({ where: { accountId: person.accountId } });
  expect(attempt!.expiresAt.getTime() - attempt!.createdAt.getTime()).toBeLessThanOrEqual(301_000);
  await db.signInAttempt.update({ where: { id: attempt!.id }, data: { expiresAt: new Date() } });
  await expect(finishSecondStep(null, { code: person.app.code() }, browser)).rejects.toMatchObject({
    code: "attempt_over",
  });
  const again = await afterPassword(person.email);
  await changePassword(
    person.actor,
    { currentPassword: PASSWORD, newPassword: NEW_PASSWORD, code: person.app.code() },
    openBrowser(),
  );
  await expect(finishSecondStep(null, { code: person.app.code(1) }, again.browser)).rejects.toMatchObject({
    code: "attempt_over",
  });
});

test("the first factor brings ten recovery codes, ends the other sessions, and is told by mail", async () => {
  const person = await openPerson("Ada");
  const other = await afterPassword(person.email);
  const { shownOnce, code } = await enrolApp(person);
  expect(new Set(shownOnce).size).toBe(10);
  expect(await findSessionActor(person.sessionId)).not.toBeNull();
  expect(await findSessionActor(other.browser.session?.sessionId ?? "")).toBeNull();
  expect((await mailsTo(person.email))[0]?.text).toContain("the authenticator app “Phone” was added");
  const kept = await db.recoveryCode.findMany({ where: { accountId: person.accountId } });
  for (const shown of shownOnce) expect(JSON.stringify(kept)).not.toContain(shown);
  // The code that confirmed the app is used.
  const { browser } = await afterPassword(person.email);
  await expect(finishSecondStep(null, { code }, browser)).rejects.toMatchObject({
    code: "wrong_code",
  });
  expect((await getOwnSecondStep(person.actor)).codesLeft).toBe(10);
});

test("a recovery code used twenty times at the same moment works once, and its owner is told", async () => {
  const person = await openPerson("Ada");
  const { shownOnce } = await enrolApp(person);
  const used = await twentyTimes(person.accountId, shownOnce[3] ?? "");
  expect(used).toEqual({ won: 1, codes: Array(19).fill("wrong_code") });
  const mails = (await mailsTo(person.email)).filter(({ subject }) => subject === "A recovery code was used");
  expect(mails).toHaveLength(1);
  expect(mails[0]?.text).toContain("9 are left");
});

test("new recovery codes replace all old ones, and one account's code opens no other", async () => {
  const [ada, eve] = [await openPerson("Ada"), await openPerson("Eve")];
  const first = await enrolApp(ada);
  await enrolApp(eve);
  const client = openBrowser();
  const { shownOnce } = await replaceRecoveryCodes(
    ada.actor,
    { password: PASSWORD, code: first.shownOnce[0] },
    client,
  );
  const { browser } = await afterPassword(ada.email);
  await expect(finishSecondStep(null, { code: first.shownOnce[1] }, browser)).rejects.toMatchObject({
    code: "wrong_code",
  });
  const stranger = await afterPassword(eve.email);
  await expect(finishSecondStep(null, { code: shownOnce[0] }, stranger.browser)).rejects.toMatchObject({
    code: "wrong_code",
  });
  await finishSecondStep(null, { code: shownOnce[0] }, browser);
  expect(browser.session).not.toBeNull();
});

test("an app counts after its first code, within a quarter of an hour, and a second one replaces one that waits", async () => {
  const person = await openPerson("Ada");
  const client = openBrowser();
  await expect(
    startApp(person.actor, { label: "Phone", password: "not the password" }, client),
  ).rejects.toMatchObject({ code: "wrong_password" });
  await startApp(person.actor, { label: "Phone", password: PASSWORD }, client);
  const first = await findOwnUnconfirmedApp(person.actor);
  await startApp(person.actor, { label: "Tablet", password: PASSWORD }, client);
  const second = await findOwnUnconfirmedApp(person.actor);
  expect(second?.secret).not.toBe(first?.secret);
  await expect(confirmApp(person.actor, { code: "000" }, client)).rejects.toMatchObject({
    code: "wrong_code",
  });
  expect((await afterPassword(person.email)).answer.redirectTo).toBe("/deals");
  await db.secondFactor.updateMany({
    where: { accountId: person.accountId },
    data: { createdAt: new Date(Date.now() - 901_000) },
  });
  expect(await findOwnUnconfirmedApp(person.actor)).toBeNull();
  await forgetStaleAccounts();
  expect(await db.secondFactor.count({ where: { accountId: person.accountId } })).toBe(0);
});

test("an app's secret lies sealed and bound to its factor", async () => {
  const [ada, eve] = [await openTwoStep("Ada"), await openTwoStep("Eve")];
  const rows = await db.secondFactor.findMany({ where: { id: { in: [ada.app.id, eve.app.id] } } });
  expect(rows.map(({ sealedSecret }) => sealedSecret?.length)).toEqual([49, 49]);
  await expect(
    db.$executeRaw`UPDATE "SecondFactor" SET "sealedSecret" =
      (SELECT "sealedSecret" FROM "SecondFactor" WHERE id = ${eve.app.id}) WHERE id = ${ada.app.id}`,
  ).rejects.toThrow("keeps what it is");
});

test("an account has at most ten factors", async () => {
  const person = await openTwoStep("Ada");
  for (let more = 0; more < 9; more++) await addApp(person.accountId);
  await expect(
    startApp(person.actor, { label: "One more", password: PASSWORD, code: person.app.code() }, openBrowser()),
  ).rejects.toMatchObject({ code: "too_many_factors" });
});

test("an operator's role sleeps until there is a factor, and acts from then on", async () => {
  const root = await openPerson("Root", { roles: ["administrator"] });
  const person = await openPerson("Mo");
  await grantRole(root.actor, { handle: person.handle, role: "moderator", reason: "needed" });
  const asleep = await findSessionActor(person.sessionId);
  expect([asleep?.roles, asleep?.sleepingRoles]).toEqual([[], ["moderator"]]);
  const [row] = await searchAccounts(root.actor, person.handle);
  expect(row).toMatchObject({ sleepingRoles: ["moderator"], hasSecondFactor: false });
  expect((await mailsTo(person.email))[0]?.text).toContain("second step");
  await enrolApp(person);
  const awake = await findSessionActor(person.sessionId);
  expect([awake?.roles, awake?.sleepingRoles]).toEqual([["moderator"], []]);
});

test("an administrator whose role sleeps is nobody to leave the market to", async () => {
  await db.account.updateMany({ data: { roles: [] } });
  const root = await openPerson("Root", { roles: ["administrator"] });
  const sleeper = await openPerson("Sleeper");
  await db.account.update({ where: { id: sleeper.accountId }, data: { roles: ["administrator"] } });
  const give = { handle: root.handle, role: "administrator" as const, reason: "tired" };
  await expect(revokeRole(root.actor, give)).rejects.toMatchObject({ code: "last_administrator" });
  await enrolApp(sleeper);
  await revokeRole(root.actor, give);
});

test("a demo account is not asked in a demo, and nobody can set a second step up there", async () => {
  const person = await openPerson("Demo", { roles: ["moderator"], isDemo: true });
  expect((await findSessionActor(person.sessionId))?.roles).toEqual(["moderator"]);
  expect((await afterPassword(person.email)).answer.redirectTo).toBe("/deals");
  await inTransaction((tx) => requireSecondFactor(tx, person.actor));
  await expect(
    startApp(person.actor, { label: "Phone", password: PASSWORD }, openBrowser()),
  ).rejects.toMatchObject({ code: "demo_account" });
});

test("what money follows needs a factor, and then keeps the last one", async () => {
  const person = await openPerson("Ada");
  await expect(inTransaction((tx) => requireSecondFactor(tx, person.actor))).rejects.toMatchObject({
    code: "second_factor_missing",
  });
  const { shownOnce } = await enrolApp(person);
  await inTransaction((tx) => requireSecondFactor(tx, person.actor));
  const { factors } = await getOwnSecondStep(person.actor);
  await expect(
    removeFactor(
      person.actor,
      { factorId: factors[0]!.id, password: PASSWORD, code: shownOnce[0] },
      openBrowser(),
    ),
  ).rejects.toMatchObject({ code: "factor_needed" });
  await expect(db.$executeRaw`DELETE FROM "SecondFactor" WHERE id = ${factors[0]!.id}`).rejects.toThrow(
    "need the last second factor",
  );
});

test("the SQL of the README lets the only administrator, who lost everything, begin again, payout details or not", async () => {
  const root = await openPerson("Root", { roles: ["administrator", "moderator"] });
  const other = await openTwoStep("Other");
  await inTransaction((tx) => requireSecondFactor(tx, root.actor));
  await inTransaction((tx) => makeRecoveryCodes(tx, root.accountId));
  const readme = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");
  const sql = /```sql\nBEGIN;\n([^`]+)COMMIT;\n```/.exec(readme)?.[1]?.replaceAll("…", root.email) ?? "";
  const statements = sql.split(";").filter((statement) => statement.trim());
  expect(statements).toHaveLength(5);
  await db.$transaction(statements.map((statement) => db.$executeRawUnsafe(statement)));
  expect(await findSessionActor(root.sessionId)).toBeNull();
  const where = { accountId: root.accountId };
  expect([await db.secondFactor.count({ where }), await db.recoveryCode.count({ where })]).toEqual([0, 0]);
  const { browser, answer } = await afterPassword(root.email);
  expect(answer.redirectTo).toBe("/deals");
  const actor = await findSessionActor(browser.session?.sessionId ?? "");
  expect([actor?.roles, actor?.sleepingRoles]).toEqual([[], ["administrator"]]);
  await enrolApp({ ...root, actor: actor! });
  expect((await findSessionActor(browser.session?.sessionId ?? ""))?.roles).toEqual(["administrator"]);
  expect(await findSessionActor(other.sessionId)).not.toBeNull();
  expect(await db.secondFactor.count({ where: { accountId: other.accountId } })).toBe(1);
});

test("the last factor of an operator stays, also when two are removed at the same moment", async () => {
  const person = await openPerson("Mo", { roles: ["moderator"] });
  const [one] = await db.secondFactor.findMany({ where: { accountId: person.accountId } });
  const two = await addApp(person.accountId);
  const codes = await inTransaction(async (tx) => {
    return makeRecoveryCodes(tx, person.accountId);
  });
  const outcome = await race(
    [one!.id, two.id].map(
      (factorId, index) => () =>
        removeFactor(person.actor, { factorId, password: PASSWORD, code: codes[index] }, openBrowser()),
    ),
  );
  expect(outcome).toEqual({ won: 1, codes: ["factor_needed"] });
  expect(await db.secondFactor.count({ where: { accountId: person.accountId } })).toBe(1);
});

test("whoever needs none may remove the last factor, with its recovery codes, and is told", async () => {
  const person = await openPerson("Ada");
  const { shownOnce } = await enrolApp(person);
  const { factors } = await getOwnSecondStep(person.actor);
  const factorId = factors[0]!.id;
  const removal = { factorId, password: PASSWORD };
  await expect(removeFactor(person.actor, removal, openBrowser())).rejects.toMatchObject({
    code: "second_step_needed",
  });
  await removeFactor(person.actor, { ...removal, code: shownOnce[0] }, openBrowser());
  expect(await getOwnSecondStep(person.actor)).toMatchObject({ factors: [], codesLeft: 0 });
  expect((await mailsTo(person.email))[0]?.text).toContain("“Phone” was removed");
  expect((await afterPassword(person.email)).answer.redirectTo).toBe("/deals");
});

test("a stranger's factor does not exist", async () => {
  const [ada, eve] = [await openTwoStep("Ada"), await openPerson("Eve")];
  const factorId = ada.app.id;
  await expect(renameFactor(eve.actor, { factorId, label: "Mine" })).rejects.toMatchObject({
    code: "not_found",
  });
  await expect(
    removeFactor(eve.actor, { factorId, password: PASSWORD }, openBrowser()),
  ).rejects.toMatchObject({ code: "not_found" });
  await renameFactor(ada.actor, { factorId, label: "New phone" });
  expect((await getOwnSecondStep(ada.actor)).factors[0]?.label).toBe("New phone");
});

test("re-authentication asks for the second step as well, wherever it is asked", async () => {
  const person = await openTwoStep("Ada");
  const { actor, accountId } = person;
  const key = { ...device().fields(accountId), password: PASSWORD };
  const { label: _label, ...request } = device().fields(accountId);
  const asks = [
    () => changePassword(actor, { currentPassword: PASSWORD, newPassword: NEW_PASSWORD }, openBrowser()),
    () => enrolKeyByPassword(actor, key, openBrowser()),
    () =>
      enrolCommandLineKey(
        actor,
        { request: { ...request, label: "CLI" }, accountPassword: PASSWORD },
        openBrowser(),
      ),
    () => startApp(actor, { label: "Phone", password: PASSWORD }, openBrowser()),
    () => replaceRecoveryCodes(actor, { password: PASSWORD }, openBrowser()),
  ];
  for (const ask of asks) await expect(ask()).rejects.toMatchObject({ code: "second_step_needed" });
  await enrolKeyByPassword(actor, { ...key, code: person.app.code() }, openBrowser());
});

test("a password reset asks for the factor, keeps it, and is no way around it", async () => {
  const person = await openTwoStep("Ada");
  await requestPasswordReset(null, { email: person.email }, openBrowser());
  const token = await mailedToken(person.email, "new password");
  const input = { token, password: NEW_PASSWORD };
  const [present, later] = [0, 1].map(person.app.code);
  await expect(resetPassword(null, input, openBrowser())).rejects.toMatchObject({
    code: "second_step_needed",
  });
  expect(await findSessionActor(person.sessionId)).not.toBeNull();
  await resetPassword(null, { ...input, code: present }, openBrowser());
  const browser = openBrowser();
  await signIn(null, { email: person.email, password: NEW_PASSWORD, next: "/" }, browser);
  expect(browser.session).toBeNull();
  await finishSecondStep(null, { code: later }, browser);
  expect(browser.session).not.toBeNull();
});

test("a wrong password is answered alike whether or not the account has a factor", async () => {
  const [ada, eve] = [await openTwoStep("Ada"), await openPerson("Eve")];
  const refusalOf = (email: string) =>
    signIn(null, { email, password: "not the password", next: "/" }, openBrowser()).catch(
      (error: unknown) => error,
    );
  const [withOne, without, unknown] = await Promise.all(
    [ada.email, eve.email, `${randomUUID()}@example.org`].map(refusalOf),
  );
  expect(withOne).toEqual(without);
  expect(withOne).toEqual(unknown);
});

async function openHelpers() {
  return Promise.all([
    openPerson("One", { roles: ["administrator"] }),
    openPerson("Two", { roles: ["administrator"] }),
  ]);
}

async function askFor(asker: Awaited<ReturnType<typeof openPerson>>, handle: string) {
  await askFactorRemoval(asker.actor, { handle, reason });
  const { accountId } = await db.account
    .findUniqueOrThrow({ where: { handle } })
    .then(({ id }) => ({ accountId: id }));
  return db.factorRemoval.findFirstOrThrow({ where: { accountId, doneAt: null, stoppedAt: null } });
}

/** Lets 72 hours pass since somebody asked. */
async function waitFor(removalId: string) {
  await db.factorRemoval.update({
    where: { id: removalId },
    data: { askedAt: new Date(Date.now() - 72 * 3600_000) },
  });
}

test("lost factors are removed by a second administrator after 72 hours, and the owner is told twice", async () => {
  const [one, two] = await openHelpers();
  const person = await openTwoStep("Ada");
  await db.account.update({ where: { id: person.accountId }, data: { roles: ["moderator"] } });
  const { id: removalId } = await askFor(one, person.handle);
  await expect(removeLostFactors(two.actor, { removalId })).rejects.toMatchObject({ code: "removal_waits" });
  await waitFor(removalId);
  await expect(removeLostFactors(one.actor, { removalId })).rejects.toMatchObject({ code: "administrator" });
  await expect(removeLostFactors(person.actor, { removalId })).rejects.toMatchObject({ code: "not_found" });
  const outcome = await race([1, 2, 3].map(() => () => removeLostFactors(two.actor, { removalId })));
  expect(outcome).toEqual({ won: 1, codes: ["not_found", "not_found"] });
  expect(await findSessionActor(person.sessionId)).toBeNull();
  const { browser } = await afterPassword(person.email);
  const actor = await findSessionActor(browser.session?.sessionId ?? "");
  expect([actor?.roles, actor?.sleepingRoles]).toEqual([[], ["moderator"]]);
  const subjects = (await mailsTo(person.email)).map(({ subject }) => subject);
  expect(subjects).toContain("Your second factors are to be removed");
  expect(subjects).toContain("Your second factors were removed");
  const events = await db.auditEvent.findMany({ where: { subjectId: person.accountId } });
  expect(events.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["second_factor.removal_asked", "second_factor.lost_removed"]),
  );
});

test("the owner stops a removal, and a stranger knows of none", async () => {
  const [one, two] = await openHelpers();
  const [person, stranger] = [await openTwoStep("Ada"), await openPerson("Eve")];
  const { id: removalId } = await askFor(one, person.handle);
  expect((await getOwnSecondStep(person.actor)).removal).toMatchObject({ id: removalId, reason });
  await expect(stopFactorRemoval(stranger.actor, { removalId })).rejects.toMatchObject({
    code: "not_found",
  });
  await stopFactorRemoval(person.actor, { removalId });
  await waitFor(removalId);
  await expect(removeLostFactors(two.actor, { removalId })).rejects.toMatchObject({ code: "not_found" });
  expect((await getOwnSecondStep(person.actor)).factors).toHaveLength(1);
});

test("the database refuses a removal too early, by one person, or for oneself", async () => {
  const [one, two] = await openHelpers();
  const person = await openTwoStep("Ada");
  const { id } = await askFor(one, person.handle);
  const end = (doneById: string, doneAt: Date) =>
    db.factorRemoval.update({ where: { id }, data: { doneById, doneAt } });
  const later = new Date(Date.now() + 73 * 3600_000);
  await expect(end(two.accountId, new Date())).rejects.toThrow("FactorRemoval_wait");
  await expect(end(one.accountId, later)).rejects.toThrow("FactorRemoval_two_people");
  await expect(end(person.accountId, later)).rejects.toThrow("FactorRemoval_two_people");
  await expect(askFactorRemoval(one.actor, { handle: one.handle, reason })).rejects.toMatchObject({
    code: "administrator",
  });
});
