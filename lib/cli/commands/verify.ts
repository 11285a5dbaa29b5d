import { stat } from "node:fs/promises";
import path from "node:path";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { readCanonicalManifest } from "@/lib/verification/file-comparison";
import { type Command, type Input, type Outcome, type Voice, onlyPositional } from "../command";
import { Refusal, usage } from "../ending";
import { resolvePath, stateFolderOf } from "../environment";
import { fetchText, isAddress, readAddress } from "../fetching";
import {
  type FileExpectation,
  expectationOf,
  judgeDigest,
  judgeFolder,
  judgeSomeFiles,
  listOf,
} from "../judge-files";
import { SIGNATURE_NAME, digestModelFiles } from "../model-files";
import { type TrustContext, findLogPrefix, openLog } from "../open-log";
import { type Row, cannotCheck, failedRow } from "../row";
import { openMemory } from "../memory";
import { readTrust, trustHelp, trustOptions } from "../trust";
import { type Verification, tellVerifications } from "../verification";
import { listingSlug, verifyDownload, verifyListing } from "../verify-address";
import { type FileOptions, readTextFile, verifyText } from "../verify-file";
import { findNamed, hashNamed, tellHashing } from "./hash";

const help = `offcut verify FILE [--proof FILE] [--files DIR] [trust]
offcut verify DIR --manifest FILE|--bundle FILE|--subject DIGEST [trust]
offcut verify URL [--files DIR] [trust]

Says of every part whether it is verified here, not checked, cannot be checked, or FAILED, and what the statement does
not show.

  FILE   a DSSE envelope, a Sigstore bundle (from a log, or OpenSSF Model Signing with a key), a C2SP tlog-proof
         (with --leaf), or a signed checkpoint. Nothing is fetched unless --log says so.
  DIR    a model's folder: every file, no other file, every byte
  URL    a listing (every evaluation that its site names, and the log; withdrawals and what others say of the model are
         asked by "offcut monitor URL --model DIGEST"), or one of the files above

  --proof FILE         the saved tlog-proof of an envelope, for use without a network
  --log URL            ask this log for the proof
  --leaf HASH          the entry that a proof alone is about
  --files DIR|FILE     hold model files against the statement
  --manifest FILE      hold DIR against this manifest ("offcut hash --manifest" writes one)
  --bundle FILE        hold DIR against this envelope or bundle (default: DIR/${SIGNATURE_NAME} where it is)
  --subject DIGEST     hold DIR against this modelDigest
  --exclude NAME       leave out this name at the top of DIR
  --allow-symlinks     count the file that a symbolic link points to

Trust
${trustHelp}

An address may tell keys that you have never seen. They are then believed for the first time, every line says so, and
they are remembered; a file is never believed in this way. With --trust only the keys in it count. The last
checkpoint of every log is remembered too: a log that does not extend it ends with 6, and both checkpoints are kept.`;

export const verifyCommand: Command = {
  name: "verify",
  summary: "check an envelope, bundle, proof, model folder or listing",
  help,
  options: {
    ...trustOptions,
    proof: { type: "string" },
    log: { type: "string" },
    leaf: { type: "string" },
    files: { type: "string", multiple: true },
    manifest: { type: "string" },
    bundle: { type: "string" },
    subject: { type: "string" },
    exclude: { type: "string", multiple: true },
    "allow-symlinks": { type: "boolean" },
  },
  run: verify,
};

export function openTrustContext(input: Input): TrustContext {
  return {
    trust: readTrust(input),
    memory: openMemory(stateFolderOf(input.text("state"))),
    mayTrustFirstUse: !input.isSet("no-first-use"),
  };
}

async function verify(input: Input, voice: Voice): Promise<Outcome> {
  const target = onlyPositional(input, "file, folder or address");
  const context = openTrustContext(input);
  if (isAddress(target)) return verifyAddress(target, input, context, voice);
  const file = resolvePath(target);
  if ((await stat(file)).isDirectory()) return verifyFolder(target, file, input, context, voice);
  const verification = await verifyText(
    target,
    readTextFile(file),
    context,
    await fileOptions(input, context),
  );
  return tellVerifications(target, [await withFiles(verification, input, voice)]);
}

async function fileOptions(input: Input, context: TrustContext): Promise<FileOptions> {
  const [proof, log, leaf] = [input.text("proof"), input.text("log"), input.text("leaf")];
  if (proof !== undefined && log !== undefined) throw usage("Give --proof or --log, not both.");
  const opened = log === undefined ? null : await openLog(await findLogPrefix(log), context);
  return {
    ...(proof !== undefined && { proof: readTextFile(resolvePath(proof)) }),
    ...(opened && { log: opened }),
    ...(leaf !== undefined && { leaf }),
  };
}

async function verifyAddress(
  target: string,
  input: Input,
  context: TrustContext,
  voice: Voice,
): Promise<Outcome> {
  const url = readAddress(target);
  const slug = listingSlug(url);
  if (slug === null) {
    const verification = await verifyDownload(url, context, await fileOptions(input, context));
    return tellVerifications(target, [await withFiles(verification, input, voice)]);
  }
  const { verifications, log, subjects } = await verifyListing(url, slug, context);
  const rows = await filesOfListing(url, subjects, input, voice);
  const files: Verification[] = rows.length > 0 ? [{ title: "Your files", rows }] : [];
  const more = { log: { origin: log.checkpoint.origin, size: log.checkpoint.size, vkey: log.vkey } };
  return tellVerifications(target, [...verifications, ...files], more);
}

/** Holds files against the manifest of a model that verified statements are about. */
async function filesOfListing(
  url: URL,
  subjects: readonly string[],
  input: Input,
  voice: Voice,
): Promise<Row[]> {
  if (input.texts("files").length === 0) return [];
  const rows: Row[] = [];
  for (const subject of subjects) {
    const text = await fetchText(`${url.origin}/api/v1/manifests/${subject}`);
    if (text === null) continue;
    if (hexDigest(text) !== subject)
      rows.push(failedRow("files", "manifest_changed", `the site's manifest is not ${subject}`));
    else rows.push(await judgeNamed(input, voice, expectedByManifest(text)));
  }
  // A listing has statements about each of its versions: the files are one of them, not all at once.
  const right = rows.find(({ state }) => state === "verified");
  if (right) return [...rows.filter(({ code }) => code === "manifest_changed"), right];
  if (rows.length > 0) return rows;
  return [cannotCheck("files", "no_manifest", "the site serves no manifest of these files", "unreachable")];
}

async function verifyFolder(
  target: string,
  folder: string,
  input: Input,
  context: TrustContext,
  voice: Voice,
): Promise<Outcome> {
  const given = ["manifest", "bundle", "subject"].filter((name) => input.text(name) !== undefined);
  if (given.length > 1) throw usage("Give one of --manifest, --bundle and --subject.");
  const [manifest, subject] = [input.text("manifest"), input.text("subject")];
  if (manifest !== undefined || subject !== undefined) {
    const expected =
      manifest === undefined
        ? expectedSubject(subject ?? "")
        : expectedByManifest(readTextFile(resolvePath(manifest)));
    return tellVerifications(target, [
      { title: target, rows: [await judgeIn([folder], [], input, voice, expected)] },
    ]);
  }
  const bundle = await bundleOf(folder, input);
  const verification = await verifyText(
    bundle,
    readTextFile(bundle),
    context,
    await fileOptions(input, context),
  );
  const beside = path.dirname(bundle) === folder ? [path.basename(bundle)] : [];
  return tellVerifications(target, [
    await withRow(verification, (expected) => judgeIn([folder], beside, input, voice, expected)),
  ]);
}

async function bundleOf(folder: string, input: Input): Promise<string> {
  const given = input.text("bundle");
  if (given !== undefined) return resolvePath(given);
  const beside = path.join(folder, SIGNATURE_NAME);
  const isThere = await stat(beside).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isThere)
    throw usage("Say what to hold the folder against: --manifest FILE, --bundle FILE or --subject DIGEST.");
  return beside;
}

/** Adds what `--files` asks, to a statement that was verified. */
async function withFiles(verification: Verification, input: Input, voice: Voice): Promise<Verification> {
  if (input.texts("files").length === 0) return verification;
  return withRow(verification, (expected) => judgeNamed(input, voice, expected));
}

async function withRow(
  verification: Verification,
  judgeFiles: (expected: FileExpectation) => Promise<Row>,
): Promise<Verification> {
  const statement = verification.judged?.statement;
  const row = statement
    ? await judgeFiles(expectationOf(statement))
    : cannotCheck("files", "no_statement", "nothing trusted says what the files should be", "untrusted_key");
  return { ...verification, rows: [...verification.rows, row] };
}

async function judgeNamed(input: Input, voice: Voice, expected: FileExpectation): Promise<Row> {
  const names = input.texts("files");
  const isFolder = (await stat(resolvePath(names[0] ?? ""))).isDirectory();
  return judgeIn(names, isFolder ? [] : null, input, voice, expected);
}

/** Hashes files as they are expected, and holds them against that; `beside` is what lies in a folder beside them. */
async function judgeIn(
  names: readonly string[],
  beside: readonly string[] | null,
  input: Input,
  voice: Voice,
  expected: FileExpectation,
): Promise<Row> {
  if (expected.kind === "unsupported")
    return cannotCheck("files", "unsupported_manifest", expected.text, "unsupported");
  if (expected.kind === "digests")
    return judgeDigest((await hashNamed(names, input, voice, beside ?? [])).files, expected.modelDigests);
  const listed = expected.files.map(({ path: name }) => name);
  const found = await findNamed(names, input, { beside: beside ?? [], listed });
  const held = await digestModelFiles(found.files, expected.algorithm, tellHashing(voice));
  if (beside === null) return judgeSomeFiles(held, expected);
  return judgeFolder(
    held,
    expected,
    found.leftOut.filter((name) => !beside.includes(name)),
  );
}

function expectedSubject(digest: string): FileExpectation {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw usage("--subject is 64 lowercase hex digits.");
  return { kind: "digests", modelDigests: [digest] };
}

function expectedByManifest(text: string): FileExpectation {
  const files = readCanonicalManifest(text);
  if (!files)
    throw new Refusal("unsupported", "manifest_malformed", "The manifest has not its one canonical form.");
  return listOf(files);
}
