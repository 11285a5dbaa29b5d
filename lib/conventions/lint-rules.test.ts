import { Linter } from "eslint";
import nextTypescript from "eslint-config-next/typescript";
import { expect, test } from "vitest";
import { offcut } from "./lint-rules.mjs";

const languageOptions = nextTypescript.find((config) => config.languageOptions?.parser)?.languageOptions;

/** How often the rule about transactions objects to a text. */
function objections(code: string): number {
  const rules = { "offcut/caught-in-transaction": "error" } as const;
  const messages = new Linter().verify(code, {
    languageOptions,
    plugins: { offcut },
    rules,
  });
  const broken = messages.find(({ fatal }) => fatal);
  if (broken) throw new Error(broken.message);
  return messages.length;
}

test.each([
  ["try and swallow", "async function f(tx) { try { await save(tx); } catch {} }"],
  ["log and go on", "async function f(tx) { try { await tx.a.create({}); } catch (e) { log(e); } }"],
  [
    "write again after it",
    "async function f(tx) { try { await tx.a.create({}); } catch { await tx.b.create({}); } }",
  ],
  [
    "throw some of it",
    "async function f(tx) { try { await tx.a.create({}); } catch (e) { if (e.code) throw e; } }",
  ],
  [
    "return before throwing",
    "async function f(tx) { try { return await g(tx); } catch (e) { if (e) return 1; throw e; } }",
  ],
  ["catch a promise", "async function f(tx) { await tx.a.create({}).catch(() => null); }"],
  ["catch by another function", "async function f(tx) { await save(tx).catch(ignore); }"],
  ["the second argument of then", "async function f(tx) { await save(tx).then(done, () => null); }"],
  ["settle promises", "async function f(tx) { await Promise.allSettled([save(tx), 1]); }"],
  [
    "a transaction by its type",
    "async function f(client: Tx | Client) { try { await save(client); } catch {} }",
  ],
  ["a transaction in an object", "async function f({ tx, id }) { try { await save({ tx, id }); } catch {} }"],
  ["what a callback is handed", "inTransaction(async (t) => { try { await t.a.create({}); } catch {} });"],
  ["what Prisma hands", "db.$transaction(async (t) => { await t.a.create({}).catch(() => 1); });"],
  ["by another name", "async function f(tx) { const t = tx; try { await t.a.create({}); } catch {} }"],
  ["leave from finally", "async function f(tx) { try { await save(tx); } finally { return 1; } }"],
  ["take whichever holds", "async function f(tx) { await Promise.any([save(tx), 1]); }"],
  [
    "deeper inside",
    "async function f(tx) { for (const a of b) { try { if (a) await save(a, tx); } catch {} } }",
  ],
])("an error in a transaction is not held back there: %s", (_how, code) => {
  expect(objections(code)).toBe(1);
});

test.each([
  [
    "it throws on",
    "async function f(tx) { try { await save(tx); } catch (e) { throw new Error('x', { cause: e }); } }",
  ],
  [
    "it throws either way",
    "async function f(tx) { try { await save(tx); } catch (e) { if (e.a) throw one(e); else throw e; } }",
  ],
  [
    "a promise's error is thrown on",
    "async function f(tx) { await save(tx).catch((e) => { throw g(e); }); }",
  ],
  [
    "the whole transaction is inside",
    "async function f() { try { await inTransaction((tx) => save(tx)); } catch {} }",
  ],
  ["nothing of it is inside", "async function f(tx) { try { JSON.parse(text); } catch {} await save(tx); }"],
  ["a property is only called so", "async function f(a) { try { await save(a.tx, { tx: 1 }); } catch {} }"],
  [
    "a savepoint stands between",
    "async function f(tx) { try { await inSavepoint(tx, () => save(tx)); } catch {} }",
  ],
  [
    "work is handed on that opens one",
    "async function f(work: (tx: Tx) => void) { try { await db.$transaction(work); } catch {} }",
  ],
  ["only its end is watched", "async function f(tx) { try { await save(tx); } finally { stop(); } }"],
])("an error may be caught where the transaction is not lost: %s", (_how, code) => {
  expect(objections(code)).toBe(0);
});
