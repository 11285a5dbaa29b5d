import { askedBy } from "./request";
import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import type { ActionState } from "@/lib/accounts/action-state";
import type { Actor } from "@/lib/accounts/actor";
import { db, inTransaction } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation } from "@/lib/platform/installation";
import { enqueueMail } from "@/lib/platform/outbox";
import { forgetReceipts, once } from "@/lib/platform/receipts";
import { asPlatform, noteContent } from "@/lib/platform/request";
import { DomainError } from "@/lib/shared/domain-error";
import { limits } from "../limits";
import { addApp } from "../factor.fixture";
import { openPerson } from "../person.fixture";
import { type Action, userAction } from "./user-action";

/** What Next.js would hold of the request, and would do after it. */
const request = vi.hoisted(() => ({ cookie: "" }));
vi.mock("next/headers", () => ({
  cookies: async () => ({ get: (name: string) => ({ name, value: request.cookie }) }),
  headers: async () => new Headers({ origin: "http://localhost:3000" }),
}));
vi.mock("next/cache", () => ({ refresh: () => undefined }));

let person: Awaited<ReturnType<typeof openPerson>>;

beforeAll(openInstallation);
beforeEach(async () => {
  person = await openPerson("Ada");
  request.cookie = await encode({
    token: { sub: person.accountId, sessionId: person.sessionId },
    secret: env().NEXTAUTH_SECRET,
  });
});

const schema = z.object({
  name: z.string(),
  price: z.string().default("1"),
  password: z.string().optional(),
});
type Input = z.infer<typeof schema>;

/** A command that leaves a row, and answers which one. */
async function leaveRow(_actor: Actor, { name }: Input) {
  const { id } = await inTransaction((tx) =>
    tx.model.create({ data: { ownerId: "nobody", name }, select: { id: true } }),
  );
  return { message: `Row ${id}`, values: { id } };
}
const leave = userAction(schema, leaveRow);

const countRows = (name: string) => db.model.count({ where: { name } });

async function send(action: Action, fields: Record<string, string>): Promise<ActionState> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return action(null, form);
}

test("of fifty sends of one form at once one has an effect, and forty-nine get its answer", async () => {
  const fields = { requestKey: randomUUID(), name: randomUUID() };
  const answers = await Promise.all(Array.from({ length: 50 }, () => send(leave, fields)));
  expect(await countRows(fields.name)).toBe(1);
  const { id } = await db.model.findFirstOrThrow({ where: { name: fields.name } });
  expect(answers).toEqual(Array(50).fill({ ok: true, message: `Row ${id}`, values: { id } }));
});

test("the same key with another body is refused and names what differs; what was sent first stands", async () => {
  const fields = { requestKey: randomUUID(), name: randomUUID(), price: "100" };
  await send(leave, fields);
  expect(await send(leave, { ...fields, price: "120" })).toMatchObject({
    ok: false,
    code: "request_reused",
    fields: { price: "Sent first: “100”. Sent now: “120”." },
  });
  expect(await countRows(fields.name)).toBe(1);
  expect(await send(leave, fields)).toMatchObject({ ok: true });
});

test("a secret is compared too, and repeated nowhere", async () => {
  const fields = { requestKey: randomUUID(), name: randomUUID(), password: "horse staple battery" };
  await send(leave, fields);
  const answer = await send(leave, { ...fields, password: "another one" });
  expect(answer).toMatchObject({ fields: { password: "This differs from what was sent first." } });
  const receipt = await db.commandReceipt.findFirstOrThrow({ where: { key: fields.requestKey } });
  expect(JSON.stringify([receipt, answer])).not.toMatch(/horse|another one/);
});

test("one password under two keys leaves two digests, so that no receipt makes guessing it cheap", async () => {
  const digests: unknown[] = [];
  for (const requestKey of [randomUUID(), randomUUID()]) {
    await send(leave, { requestKey, name: randomUUID(), password: "horse staple battery" });
    const { fields } = await db.commandReceipt.findFirstOrThrow({ where: { key: requestKey } });
    digests.push((fields as { password: { digest: string } }).password.digest);
  }
  expect(digests[0]).not.toBe(digests[1]);
});

test("a file sent again that finds no room any more is told that it was taken", async () => {
  const asked = () =>
    askedBy(person.actor, {
      key: `upload-${person.accountId}`,
      command: "upload",
      input: {},
      isStreamed: true,
    });
  const name = randomUUID();
  const keep = () => inTransaction((tx) => tx.model.create({ data: { ownerId: "nobody", name } }));
  await once(await asked(), async () => (noteContent("a".repeat(64)), void (await keep())), undefined);
  const full = async () => {
    throw new DomainError("quota_reached", "Full.");
  };
  await expect(once(await asked(), full, undefined)).rejects.toMatchObject({ code: "sent_before" });
});

test("the same key for another command is refused", async () => {
  const fields = { requestKey: randomUUID(), name: randomUUID() };
  await send(leave, fields);
  const other = userAction(schema, async function leaveAnother(actor, input) {
    return leaveRow(actor, input);
  });
  expect(await send(other, fields)).toMatchObject({ ok: false, code: "request_reused", fields: {} });
  expect(await countRows(fields.name)).toBe(1);
});

test("the same key of another account is another request", async () => {
  const fields = { requestKey: randomUUID(), name: randomUUID() };
  await send(leave, fields);
  const { accountId, sessionId } = await openPerson("Bea");
  request.cookie = await encode({ token: { sub: accountId, sessionId }, secret: env().NEXTAUTH_SECRET });
  await send(leave, fields);
  expect(await countRows(fields.name)).toBe(2);
});

test("a refused command leaves no receipt: the same key goes through once corrected", async () => {
  const strict = userAction(schema, async function leaveIfCheap(_actor, { name, price }) {
    await inTransaction(async (tx) => {
      await tx.model.create({ data: { ownerId: "nobody", name } });
      if (price !== "1") throw new DomainError("price_invalid", "Too much.");
    });
  });
  const fields = { requestKey: randomUUID(), name: randomUUID() };
  expect(await send(strict, { ...fields, price: "2" })).toMatchObject({ code: "price_invalid" });
  expect(await db.commandReceipt.count({ where: { key: fields.requestKey } })).toBe(0);
  expect(await send(strict, fields)).toMatchObject({ ok: true });
  expect(await countRows(fields.name)).toBe(1);
});

test("a step refused after an earlier one stands is refused in the same words again, and nothing is done twice", async () => {
  const twoSteps = userAction(schema, async function leaveThenRefuse(actor, input) {
    await leaveRow(actor, input);
    throw new DomainError("price_invalid", `Too much ${randomUUID()}.`);
  });
  const fields = { requestKey: randomUUID(), name: randomUUID() };
  const first = await send(twoSteps, fields);
  expect(first).toMatchObject({ code: "price_invalid" });
  expect(await send(twoSteps, fields)).toEqual(first);
  expect(await countRows(fields.name)).toBe(1);
});

test("what died after its commit and before its answer is not done again, and says that it was done", async () => {
  let hasDied = false;
  const dying = userAction(schema, async function leaveAndDie(actor, input) {
    const answer = await leaveRow(actor, input);
    if (hasDied) return answer;
    hasDied = true;
    throw new Error("killed");
  });
  const fields = { requestKey: randomUUID(), name: randomUUID() };
  await expect(send(dying, fields)).rejects.toThrow("killed");
  expect(await send(dying, fields)).toMatchObject({
    ok: true,
    message: expect.stringMatching(/^This was done before/),
  });
  expect(await countRows(fields.name)).toBe(1);
});

test("a command refused because of what its first send did answers what that answered", async () => {
  const once = userAction(schema, async function leaveUnlessThere(actor, input) {
    if ((await countRows(input.name)) > 0) throw new DomainError("name_taken", "There already.");
    return leaveRow(actor, input);
  });
  const fields = { requestKey: randomUUID(), name: randomUUID() };
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(once, fields)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject({ ok: true });
});

test("a receipt keeps what it says, goes after a day, and where money moved it stays", async () => {
  const money = userAction(schema, leaveRow, { isMoney: true });
  const [plainKey, moneyKey] = [randomUUID(), randomUUID()];
  await send(leave, { requestKey: plainKey, name: "plain" });
  await send(money, { requestKey: moneyKey, name: "money" });
  const keys = async () =>
    (await db.commandReceipt.findMany({ where: { key: { in: [plainKey, moneyKey] } } })).map(
      ({ key }) => key,
    );
  const where = { key: moneyKey };
  await expect(db.commandReceipt.updateMany({ where, data: { command: "x" } })).rejects.toThrow();
  await expect(db.commandReceipt.deleteMany({ where })).rejects.toThrow();
  await forgetReceipts();
  expect(await keys()).toHaveLength(2);
  const [old] = await db.commandReceipt.findMany({ where: { key: plainKey } });
  await db.commandReceipt.deleteMany({ where: { key: plainKey } });
  const { fields } = old ?? {};
  for (const isMoney of [false, true])
    await db.commandReceipt.create({
      data: {
        ...{ accountId: person.accountId, key: `${plainKey}.${isMoney}`, command: "leaveRow", isMoney },
        ...{ fields: fields ?? {}, at: new Date(Date.now() - 25 * 3_600_000) },
      },
    });
  await forgetReceipts();
  const left = await db.commandReceipt.findMany({ where: { key: { startsWith: plainKey } } });
  expect(left.map(({ key }) => key)).toEqual([`${plainKey}.true`]);
});

test("an account sends 120 commands a minute; the next is refused with the time to wait, and does nothing", async () => {
  const name = randomUUID();
  for (let sent = 0; sent < 5; sent++) await send(leave, { requestKey: randomUUID(), name });
  const { count } = await db.attemptCount.updateMany({
    where: { key: { endsWith: person.accountId }, points: 5 },
    data: { points: limits.commands.minute - 1 },
  });
  expect(count).toBe(2);
  expect(await send(leave, { requestKey: randomUUID(), name })).toMatchObject({ ok: true });
  expect(await send(leave, { requestKey: randomUUID(), name })).toMatchObject({
    code: "too_many_commands",
    message: expect.stringMatching(/Wait (one second|\d+ seconds|\d+ minutes) and/),
  });
  expect(await countRows(name)).toBe(6);
});

/** What is counted by the hour is not counted across one. */
async function fullHourAway(): Promise<void> {
  const left = 3_600_000 - (Date.now() % 3_600_000);
  if (left < 20_000) await new Promise((resolve) => setTimeout(resolve, left));
}

const mailing = z.object({ mails: z.coerce.number(), by: z.string().default("person") });
const mail = userAction(mailing, async function sendMails(_actor, { mails, by }) {
  const work = () =>
    inTransaction(async (tx) => {
      await tx.model.create({ data: { ownerId: "nobody", name: `mails of ${person.accountId}` } });
      for (let sent = 0; sent < mails; sent++)
        await enqueueMail(tx, randomUUID(), { to: "to@example.org", subject: "s", text: "t" });
    });
  await (by === "person" ? work() : asPlatform(work));
});
const sendMails = async (mails: number, by = "person") => {
  await fullHourAway();
  return send(mail, { requestKey: randomUUID(), mails: String(mails), by });
};
const countMailings = () => countRows(`mails of ${person.accountId}`);

test("an account causes 100 mails an hour; a command that would cause more does nothing at all", async () => {
  expect(await sendMails(limits.mails.hour - 1)).toMatchObject({ ok: true });
  expect(await sendMails(2)).toMatchObject({
    code: "too_many_mails",
    message: expect.stringMatching(
      /100 mails an hour\. Nothing was done\. Try again in \d+ (minutes|seconds)\.$/,
    ),
  });
  expect(await countMailings()).toBe(1);
  expect(await sendMails(1)).toMatchObject({ ok: true });
  expect(await sendMails(0)).toMatchObject({ ok: true });
});

test("an account causes 300 mails in a day", async () => {
  const { accountId } = person;
  for (const hoursAgo of [3, 2, 1])
    await db.$executeRaw`
      INSERT INTO "CausedMails" VALUES (${accountId}, date_trunc('hour', now()) - make_interval(hours => ${hoursAgo}), 99)`;
  expect(await sendMails(3)).toMatchObject({ ok: true });
  expect(await sendMails(1)).toMatchObject({
    code: "too_many_mails",
    message: expect.stringMatching(/300 mails a day\. .* in 2\d hours\.$/),
  });
});

test("twenty commands at once cause no more than the limit", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => sendMails(9)));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(11);
  expect(await countMailings()).toBe(11);
});

test("what the platform sends meanwhile counts for nobody, and what an operator causes is the platform's", async () => {
  await sendMails(150, "platform");
  expect(await db.causedMails.count({ where: { accountId: person.accountId } })).toBe(0);
  await db.account.update({ where: { id: person.accountId }, data: { roles: ["moderator"] } });
  await addApp(person.accountId);
  await db.session.update({ where: { id: person.sessionId }, data: { secondFactorAt: new Date() } });
  expect(await sendMails(150)).toMatchObject({ ok: true });
});
