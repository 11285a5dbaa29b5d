import { expect, test } from "vitest";
import { dealRecordStatement } from "@/lib/statements/deal-record";
import { loggedStatementView } from "./logged-entry";
import { sentenceText } from "@/lib/statements/sentence";
import { makeTestKey } from "@/lib/statements/statements.fixture";
import { readableText } from "@/lib/shared/readable-text.fixture";

const ACCOUNT = "7f6f4b0e-account";

/** How public pages show a step of a deal by `party`, signed with its own key or by the platform for it. */
async function stepShown(party: "buyer" | "seller", method: "device_key" | "session") {
  const key = await makeTestKey();
  const statement = dealRecordStatement({
    record: "contract",
    deal: "deal-1",
    party,
    account: ACCOUNT,
    agreedBy: method === "session" ? { method, session: "session-1" } : { method },
    termsSha256: "d".repeat(64),
    modelDigest: null,
    saltHex: "1".repeat(64),
    at: new Date("2026-11-01T10:00:00Z"),
  });
  const account = { id: ACCOUNT, displayName: "Ada Lovelace", handle: "ada", isEvaluator: false };
  const signer = { id: key.keyId, spki: key.spki, isDemo: false, revokedAt: null };
  const view = loggedStatementView(
    {
      sha256: "e".repeat(64),
      body: await key.sign(statement),
      leafHash: "f".repeat(64),
      createdAt: new Date(0),
    },
    {
      signer: { ...signer, account: method === "session" ? null : account },
      nameOf: () => account.displayName,
      sellersOf: () => null,
    },
    "https://market.example",
  );
  return { headline: sentenceText(view!.headline), signer: view!.signer, text: JSON.stringify(view) };
}

test.each(["device_key", "session"] as const)("who bought is not named in public, by %s", async (method) => {
  const { headline, signer, text } = await stepShown("buyer", method);
  expect(headline).toContain("a buyer");
  expect(readableText(text)).not.toContain("Ada");
  expect(signer.handle).toBeNull();
});

test.each(["device_key", "session"] as const)("who sold is named, by %s", async (method) => {
  expect((await stepShown("seller", method)).headline).toContain("Ada Lovelace");
});
