import { openPerson } from "@/lib/accounts/person.fixture";
import { openListing } from "@/lib/catalogue/listing.fixture";
import { db, inTransaction } from "@/lib/platform/db";
import { recordEnvelope } from "./commands/record-envelope";
import { stateRole } from "./commands/state-role";
import { type TestKey, makeTestKey } from "@/lib/statements/statements.fixture";

/** Lets an account sell what has these digests: a listing of each, stated in the log as publishing does. */
export async function letSell(accountId: string, ...digests: string[]): Promise<void> {
  await inTransaction(async (tx) => {
    for (const sells of digests) {
      await openListing(tx, accountId, sells);
      await stateRole(tx, { accountId, role: "seller", sells }, true, recordEnvelope);
    }
  });
}

/** States in the log what signing an evaluation of a draft of these files does. */
export async function letDraft(accountId: string, sells: string): Promise<void> {
  await inTransaction((tx) => stateRole(tx, { accountId, role: "drafter", sells }, true, recordEnvelope));
}

/** Somebody with an account and a key of the command line that is in force. */
export type Signer = Awaited<ReturnType<typeof openPerson>> & TestKey;

/** What those sell who are no evaluators. */
const MODEL = "a".repeat(64);

/** Opens an account with such a key; unless it is an evaluator's, it sells the files whose digest is 64 times "a". */
export async function openSigner(
  name: string,
  facts: Parameters<typeof openPerson>[1] = {},
): Promise<Signer> {
  const [person, key] = [await openPerson(name, facts), await makeTestKey()];
  const { keyId: id, spki } = key;
  const { accountId } = person;
  const life = { enrolledBy: "first_key", effectiveAt: new Date(0) };
  await db.signingKey.create({ data: { id, accountId, kind: "command_line", label: name, spki, ...life } });
  if (!facts?.roles?.includes("evaluator")) await letSell(accountId, MODEL);
  return { ...person, ...key };
}
