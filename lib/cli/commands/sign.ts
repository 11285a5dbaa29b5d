import { writeFileSync } from "node:fs";
import path from "node:path";
import { modelManifest } from "@/lib/catalogue/model-manifest";
import { signEnvelope } from "@/lib/statements/dsse";
import { NotCanonicalError, canonicalJson } from "@/lib/shared/jcs";
import { statementKinds } from "@/lib/statements/kinds";
import { type Statement, statementBytes } from "@/lib/statements/statement";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { type Command, type Input, type Outcome, type Voice, onlyPositional } from "../command";
import { Refusal, usage } from "../ending";
import { resolvePath } from "../environment";
import { openKeyFile } from "../key-file";
import { SIGNATURE_NAME } from "../model-files";
import { readStatementToSign } from "../statement-file";
import { modelSigningBundle, modelSigningStatement } from "../statement-of-files";
import { trustedKey } from "../trust";
import { saidOf } from "../verification";
import { readTextFile } from "../verify-file";
import { hashNamed } from "./hash";

const help = `offcut sign FILE --key KEY [--kind NAME] [--subject DIGEST]… [--files DIR] [--out FILE]
offcut sign --oms DIR --key KEY [--name NAME] [--out FILE]

Signs a statement with a key that "offcut keygen" made, and writes a DSSE envelope. FILE is JSON: a whole in-toto
statement, or {"kind": "limitation", "subject": "<modelDigest>", "predicate": {…}}, or just the predicate. It must
have the form of its kind; the schemas are at /predicates/<name>/v1 of every market.

  --key KEY         the private key's file
  --kind NAME       ${statementKinds.map(({ name }) => name).join(", ")}
  --subject DIGEST  what it is about: a modelDigest (may be repeated)
  --files DIR|FILE  or the model's files themselves, hashed now
  --out FILE        where the envelope goes (default: FILE with .dsse.json); an existing file is not overwritten
  --oms DIR         sign the list of a model's files as OpenSSF Model Signing v1.0 does; writes DIR/${SIGNATURE_NAME}
  --name NAME       the model's name in that statement (default: the folder's)

Signed is canonical JSON, so numbers are whole; decimals are texts ("0.95").`;

export const signCommand: Command = {
  name: "sign",
  summary: "sign a statement, or the list of a model's files",
  help,
  options: {
    key: { type: "string" },
    kind: { type: "string" },
    subject: { type: "string", multiple: true },
    files: { type: "string", multiple: true },
    out: { type: "string" },
    oms: { type: "string" },
    name: { type: "string" },
    exclude: { type: "string", multiple: true },
    "allow-symlinks": { type: "boolean" },
  },
  run: sign,
};

async function sign(input: Input, voice: Voice): Promise<Outcome> {
  const keyFile = input.text("key");
  if (keyFile === undefined) throw usage("Say with which key: --key FILE.");
  const key = await openKeyFile(resolvePath(keyFile));
  const oms = input.text("oms");
  const { statement, out } =
    oms === undefined ? await givenStatement(input, voice) : await listedFiles(oms, input, voice);
  const payload = payloadOf(statement);
  const envelope = await signEnvelope(payload, key.privateKey, key.spki);
  const text = canonicalJson(envelope);
  writeFileSync(out, oms === undefined ? text : modelSigningBundle(envelope, key.pemHint), { flag: "wx" });
  const signer = trustedKey(key.spki, "given");
  const said = saidOf({ statement, signer });
  return {
    ending: "verified",
    result: {
      file: out,
      envelope: hexDigest(text),
      keyId: key.keyId,
      predicateType: statement.predicateType,
      subjects: statement.subject.map(({ digest }) => digest.sha256),
      says: said?.headline,
    },
    lines: [
      ...(said ? [said.headline, `It does not show ${said.doesNotShow.join("; ")}.`] : []),
      `Envelope  ${hexDigest(text)}`,
      `Saved     ${out}`,
    ],
  };
}

type Prepared = { statement: Statement; out: string };

async function givenStatement(input: Input, voice: Voice): Promise<Prepared> {
  const file = resolvePath(onlyPositional(input, "file to sign"));
  const kind = input.text("kind");
  const subjects = [...input.texts("subject"), ...(await digestOfFiles(input, voice))];
  const statement = readStatementToSign({
    text: readTextFile(file),
    ...(kind !== undefined && { kind }),
    subjects,
  });
  const out = resolvePath(input.text("out") ?? `${file.replace(/\.json$/, "")}.dsse.json`);
  return { statement, out };
}

async function digestOfFiles(input: Input, voice: Voice): Promise<string[]> {
  if (input.texts("files").length === 0) return [];
  const { files } = await hashNamed(input.texts("files"), input, voice);
  return [hexDigest(modelManifest(files))];
}

async function listedFiles(folder: string, input: Input, voice: Voice): Promise<Prepared> {
  if (input.positionals.length > 0) throw usage("--oms names the folder; nothing else is signed.");
  const place = resolvePath(folder);
  const out = resolvePath(input.text("out") ?? path.join(place, SIGNATURE_NAME));
  const beside = path.dirname(out) === place ? [path.basename(out)] : [];
  const { files, leftOut } = await hashNamed([place], input, voice, beside);
  const name = input.text("name") ?? path.basename(place);
  return { statement: modelSigningStatement(name, files, leftOut), out };
}

function payloadOf(statement: Statement): Uint8Array<ArrayBuffer> {
  try {
    return statementBytes(statement);
  } catch (error) {
    if (!(error instanceof NotCanonicalError || error instanceof RangeError)) throw error;
    throw new Refusal("failed", "statement_malformed", error.message);
  }
}
