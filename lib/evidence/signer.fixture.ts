import { openPerson } from "@/lib/accounts/person.fixture";
import { db } from "@/lib/platform/db";
import { type TestKey, makeTestKey } from "@/lib/statements/statements.fixture";

/** Somebody with an account and a key of the command line that is in force. */
export type Signer = Awaited<ReturnType<typeof openPerson>> & TestKey;

/** Opens an account with such a key. */
export async function openSigner(
  name: string,
  facts: Parameters<typeof openPerson>[1] = {},
): Promise<Signer> {
  const [person, key] = [await openPerson(name, facts), await makeTestKey()];
  const { keyId: id, spki } = key;
  const { accountId } = person;
  const life = { enrolledBy: "first_key", effectiveAt: new Date(0) };
  await db.signingKey.create({ data: { id, accountId, kind: "command_line", label: name, spki, ...life } });
  return { ...person, ...key };
}
