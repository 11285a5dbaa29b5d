import type { Cosignature } from "@/lib/log/cosignature";
import type { VerifyEd25519 } from "@/lib/log/ed25519";
import { readLeafBody } from "@/lib/log/leaf-body";
import { readBundle } from "@/lib/log/sigstore-bundle";
import type { TlogPolicy } from "@/lib/log/tlog-policy";
import { verifyBundledEntry } from "@/lib/log/verify-bundle";
import { parseRecord, toHex } from "@/lib/shared/encoding";
import { addressOf } from "@/lib/statements/address";
import type { LoggedStatement } from "@/lib/statements/completeness";
import { keyIdOf } from "@/lib/statements/dsse";
import { Register } from "@/lib/statements/register";
import { verifySignature, verifyStatement } from "@/lib/statements/verify-envelope";
import type { Sources } from "./judge";
import type { Judgement, SpeakerFinding, WitnessedTime } from "./judgement";

type Fact = LoggedStatement & { index: bigint };

/**
 * Whether the signer of a logged statement may say it: by what the log itself holds before it of keys, of roles and of
 * what the statement answers or takes back. These are given as bundles; each is proven in that same log like any other
 * entry, so that nobody can make one up. That none is left out only the whole log shows: see the monitor.
 */
export async function judgeSpeaker(
  { signature, statement, entry }: Pick<Judgement, "signature" | "statement" | "entry">,
  verifyEd25519: VerifyEd25519 | null,
  sources: Pick<Sources, "facts">,
): Promise<SpeakerFinding> {
  const keyId = signature.state === "verified" ? signature.signedBy[0] : undefined;
  if (statement.state !== "verified" || keyId === undefined)
    return { state: "not_checked", code: "statement_first" };
  if (entry.state !== "verified" || !verifyEd25519) return { state: "not_checked", code: "entry_first" };
  const given = (await sources.facts?.(toHex(entry.leafHash))) ?? "facts_not_asked";
  if (given === "facts_not_asked") return { state: "not_checked", code: given };
  if (given === "facts_unreachable") return { state: "cannot_check", code: given };
  const facts = await Promise.all(given.map((text) => readFact(text, entry.policy, verifyEd25519)));
  const known = facts.filter((fact) => fact !== null);
  if (known.length < facts.length) return { state: "cannot_check", code: "facts_broken" };
  const register = new Register();
  for (const fact of known.sort((one, other) => (one.index < other.index ? -1 : 1)))
    if (fact.index < entry.index) register.add(fact, register.judge(fact));
  return register.judge(
    { statement: statement.statement, keyId },
    witnessedTime(entry.cosignatures)?.at ?? null,
  );
}

/** The earliest time at which somebody outside saw the tree; null where nobody did. */
export function witnessedTime(cosignatures: readonly Cosignature[]): WitnessedTime | null {
  const [first] = [...cosignatures].sort((one, other) => (one.timestamp < other.timestamp ? -1 : 1));
  return first ? { at: new Date(Number(first.timestamp) * 1_000), witness: first.key.name } : null;
}

/** The bundles in what a log gives of a speaker; null where it is something else. */
export function readFacts(text: string): string[] | null {
  const facts = parseRecord(text)?.["facts"];
  return Array.isArray(facts) && facts.every((fact) => typeof fact === "string") ? facts : null;
}

/** A statement of the log with its place; null unless all of it holds. */
async function readFact(
  text: string,
  policy: TlogPolicy,
  verifyEd25519: VerifyEd25519,
): Promise<Fact | null> {
  const bundle = readBundle(text);
  const spki = bundle && readLeafBody(bundle.body)?.spki;
  if (!bundle || !spki) return null;
  const signed = await verifySignature(bundle.envelopeText, { trustedKeys: [spki] });
  if (signed.state !== "verified") return null;
  const said = verifyStatement(signed.payload, {});
  const place = await verifyBundledEntry(bundle, Uint8Array.from(spki), policy, verifyEd25519);
  if (said.state !== "verified" || place.state !== "verified") return null;
  const { statement } = said;
  return { index: place.index, envelope: addressOf(signed.envelope), keyId: keyIdOf(spki), statement };
}
