import { expect, test } from "vitest";
import { encodeBase64 } from "@/lib/shared/encoding";
import { type KeyPredicate, keyStatement } from "./kinds/key";
import { roleStatement } from "./kinds/role";
import { Register } from "./register";
import type { Statement } from "./statement";
import { makeTestKey, revocationOf, usageStatement } from "./statements.fixture";

const MODEL = "a".repeat(64);
const AT = "2026-11-01T00:00:00.000Z";
const LATER = "2026-11-02T00:00:00.000Z";
const [platform, ada, second] = await Promise.all([makeTestKey(), makeTestKey(), makeTestKey()]);
type Key = NonNullable<typeof ada>;

function keyOf(key: Key, account: string | null, more: Partial<KeyPredicate> = {}): Statement {
  return keyStatement({
    event: "enrolled",
    account,
    key: { id: key.keyId, kind: account === null ? "platform" : "device", spki: encodeBase64(key.spki) },
    ...{ enrolledBy: "first_key", vouchedBy: null, effectiveAt: AT, revokedAt: null, at: AT },
    ...more,
  });
}
const sells = roleStatement({ account: "ada", role: "seller", sells: MODEL, from: AT, until: null, at: AT });
const used = usageStatement("ada", MODEL);

let number = 0;
/** A register that has read these, each signed with that key. */
function registerOf(...said: [Statement, Key][]): Register {
  const register = new Register();
  for (const [statement, { keyId }] of said) {
    const entry = { statement, keyId, envelope: String((number += 1)).padStart(64, "0") };
    register.add(entry, register.judge(entry));
  }
  return register;
}
const by = (statement: Statement, { keyId }: Key) => ({ statement, keyId });

test("a key counts from its date, where a time is known at which the log had the statement", () => {
  const register = registerOf(
    [keyOf(platform, null), platform],
    [keyOf(ada, "ada", { effectiveAt: LATER }), platform],
    [sells, platform],
  );
  const early = new Date(Date.parse(LATER) - 1);
  expect(register.judge(by(used, ada), early)).toEqual({ state: "failed", code: "key_early" });
  expect(register.judge(by(used, ada), new Date(LATER))).toEqual({ state: "verified" });
  expect(register.judge(by(used, ada))).toEqual({ state: "verified" });
});

test("a key that an existing one approved counts from then on, and a revoked one never again", () => {
  const waiting = keyOf(ada, "ada", { effectiveAt: LATER });
  const approved = keyOf(ada, "ada", { event: "approved", effectiveAt: AT });
  const revoked = keyOf(ada, "ada", { event: "revoked", revokedAt: AT });
  const known: [Statement, Key][] = [
    [keyOf(platform, null), platform],
    [waiting, platform],
    [approved, platform],
    [sells, platform],
  ];
  expect(registerOf(...known).judge(by(used, ada), new Date(AT))).toEqual({ state: "verified" });
  const again = registerOf(...known, [revoked, platform], [approved, platform]);
  expect(again.judge(by(used, ada))).toEqual({ state: "failed", code: "key_revoked" });
});

test("nobody but a platform says whose a key is", () => {
  const register = registerOf([keyOf(platform, null), platform], [keyOf(ada, "ada"), ada], [sells, platform]);
  expect(register.judge(by(used, ada))).toEqual({ state: "failed", code: "key_foreign" });
});

test("what is missing is open where an entry before could not be read, and what is known is not", () => {
  const register = registerOf([keyOf(platform, null), platform], [keyOf(ada, "ada"), platform]);
  expect(register.judge(by(used, ada))).toEqual({ state: "failed", code: "not_seller" });
  register.addUnread();
  expect(register.judge(by(used, ada))).toEqual({ state: "cannot_check", code: "gap" });
  expect(register.judge(by(used, second))).toEqual({ state: "cannot_check", code: "gap" });
  expect(register.judge(by(usageStatement("bob", MODEL), ada))).toEqual({
    state: "failed",
    code: "key_may_not",
  });
});

test("a log that names no platform settles nothing, and a key takes back only what it signed", () => {
  const register = new Register();
  const envelope = "f".repeat(64);
  const entry = { ...by(used, ada), envelope };
  expect(register.judge(entry)).toEqual({ state: "cannot_check", code: "no_register" });
  register.add(entry, register.judge(entry));
  const revocation = revocationOf("ada", MODEL, envelope);
  expect(register.judge(by(revocation, ada))).toEqual({ state: "cannot_check", code: "no_register" });
  expect(register.judge(by(revocation, second))).toEqual({ state: "failed", code: "not_its_speaker" });
});
