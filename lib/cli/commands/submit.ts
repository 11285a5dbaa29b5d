import { writeFileSync } from "node:fs";
import path from "node:path";
import { keyIdOf, readEnvelope } from "@/lib/statements/dsse";
import { canonicalJson } from "@/lib/shared/jcs";
import { type Command, type Input, type Outcome, type Voice, onlyPositional } from "../command";
import { detectKind } from "../detect";
import { Refusal, usage } from "../ending";
import { resolvePath } from "../environment";
import { decodeText, fetchResponse, fetchText, parseJson, readAddress, unreachable } from "../fetching";
import { judgeBundle, judgeEnvelope, keyInBundle } from "../judge-envelope";
import { openLog } from "../open-log";
import { type Row, endingOf, failedRow, rowJson, rowLine } from "../row";
import { type Trust, trustHelp, trustOptions, trustedKey } from "../trust";
import { readTextFile } from "../verify-file";
import { openTrustContext } from "./verify";

const help = `offcut submit FILE --to URL [--wait] [--save DIR] [trust]

Hands a signed statement to a market, which keeps it and enters it into its log. FILE is a DSSE envelope or a bundle.
Your key must be enrolled with your account; the signature is the authorisation, and no sign-in is needed. The same
envelope twice is entered once.

  --to URL     the market
  --wait       wait until a published checkpoint covers it, verify the proof, and save envelope, proof and bundle
               for offline use
  --save DIR   where to save them (default: beside FILE)

Trust (of the log whose proof is saved)
${trustHelp}`;

export const submitCommand: Command = {
  name: "submit",
  summary: "hand a signed statement to a market and its log",
  help,
  options: {
    ...trustOptions,
    to: { type: "string" },
    wait: { type: "boolean" },
    save: { type: "string" },
  },
  run: submit,
};

type Accepted = { envelope: string; leafHash: string; state: "waiting" | "logged" };

const WAIT_SECONDS = 20;
const MAX_WAITS = 9;
const MAX_ENVELOPE_BYTES = 64 * 1024;

async function submit(input: Input, voice: Voice): Promise<Outcome> {
  const file = resolvePath(onlyPositional(input, "envelope"));
  const to = input.text("to");
  if (to === undefined) throw usage("Say where to hand it in: --to URL.");
  const site = readAddress(to).origin;
  const text = envelopeIn(readTextFile(file), file);
  const isWaiting = input.isSet("wait");
  let accepted = await handIn(site, text, isWaiting);
  for (let waits = 1; isWaiting && accepted.state === "waiting"; waits++) {
    voice.progress("waiting for a published checkpoint");
    if (waits > MAX_WAITS)
      throw new Refusal(
        "unreachable",
        "not_logged",
        "It was accepted and is not logged yet. Run this again later.",
        { ...accepted },
      );
    accepted = await handIn(site, text, true);
  }
  const { envelope, leafHash, state } = accepted;
  const lines = [`Envelope  ${envelope}`, `Leaf      ${leafHash}`, `State     ${state}`];
  if (!isWaiting) return { ending: "verified", result: { ...accepted }, lines };
  const saved = await saveProof(input, site, text, file, accepted);
  return {
    ending: endingOf(saved.rows),
    result: { ...accepted, files: saved.files, rows: saved.rows.map(rowJson) },
    lines: [...lines, ...saved.rows.map(rowLine), ...saved.files.map((name) => `Saved     ${name}`)],
  };
}

/** The envelope's text; a bundle gives the one inside. */
function envelopeIn(text: string, file: string): string {
  const kind = detectKind(text);
  const inside =
    kind === "bundle" ? JSON.stringify((JSON.parse(text) as { dsseEnvelope?: unknown }).dsseEnvelope) : text;
  const envelope = kind === "bundle" || kind === "envelope" ? readEnvelope(inside) : null;
  if (!envelope) throw new Refusal("unsupported", "not_an_envelope", `${file} holds no DSSE envelope.`);
  const { payload, payloadType, signatures } = envelope;
  // As it will be kept, so that its address is known before anybody answers.
  const canonical = canonicalJson({ payload, payloadType, signatures });
  if (canonical.length > MAX_ENVELOPE_BYTES)
    throw new Refusal("unsupported", "too_large", "An envelope that is handed in has at most 64 KiB.");
  return canonical;
}

async function handIn(site: string, text: string, isWaiting: boolean): Promise<Accepted> {
  const address = `${site}/api/v1/envelopes${isWaiting ? `?wait=${WAIT_SECONDS}` : ""}`;
  const { status, bytes } = await fetchResponse(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: text,
  });
  const answer = parseResponse(decodeText(bytes, address), address, status);
  if (status === 200 || status === 202) return readAccepted(answer, address);
  const { code, message } = (answer as { error?: { code?: unknown; message?: unknown } } | null)?.error ?? {};
  if (status === 429 || status >= 500)
    throw unreachable(address, `"${String(message ?? status)}" Try again later`);
  if (typeof code !== "string") throw unreachable(address, `it answered ${status}`);
  throw new Refusal(
    code === "key_unknown" ? "untrusted_key" : "failed",
    code,
    `${site} refuses it: ${String(message)}`,
  );
}

function parseResponse(text: string, address: string, status: number): unknown {
  try {
    return parseJson(text, address);
  } catch {
    throw unreachable(address, `it answered ${status}, and no JSON`);
  }
}

function readAccepted(answer: unknown, address: string): Accepted {
  const { envelope, leafHash, state } = (answer ?? {}) as Record<string, unknown>;
  const isDigest = (value: unknown): value is string =>
    typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
  if (!isDigest(envelope) || !isDigest(leafHash) || (state !== "waiting" && state !== "logged"))
    throw new Refusal("unsupported", "other_answer", `${address} gives an answer of another form.`);
  return { envelope, leafHash, state };
}

/** Fetches proof and bundle, verifies the proof, and only then saves all three. */
async function saveProof(
  input: Input,
  site: string,
  text: string,
  file: string,
  { envelope, leafHash }: Accepted,
): Promise<{ rows: readonly Row[]; files: string[] }> {
  const context = openTrustContext(input);
  const log = await openLog(`${site}/log/1`, context);
  const [proof, bundle] = await Promise.all([
    fetchText(`${log.prefix}/proof/${leafHash}`),
    fetchText(`${log.prefix}/bundle/${leafHash}`),
  ]);
  if (proof === null || bundle === null) throw unreachable(log.prefix, "it does not give proof and bundle");
  const rows = [
    ...log.rows,
    ...(await judgeSaved(text, proof, bundle, { ...context.trust, policy: log.policy })),
  ];
  const files: string[] = [];
  if (endingOf(rows) === "verified") {
    const folder =
      input.text("save") === undefined ? path.dirname(file) : resolvePath(input.text("save") ?? "");
    for (const [ending, body] of [
      ["dsse.json", text],
      ["tlog-proof", proof],
      ["sigstore.json", bundle],
    ] as const) {
      const name = path.join(folder, `${envelope.slice(0, 16)}.${ending}`);
      writeFileSync(name, body);
      files.push(name);
    }
  }
  return { rows, files };
}

/** Proof and bundle must be about the very envelope that was handed in; the leaf that a market names is not believed. */
async function judgeSaved(text: string, proof: string, bundle: string, trust: Trust): Promise<Row[]> {
  const spki = keyInBundle(bundle);
  const keyId = readEnvelope(text)?.signatures[0]?.keyid;
  // A key id is the digest of its key, so the key that fits the own envelope is the own key.
  if (!spki || keyIdOf(spki) !== keyId)
    return [failedRow("log", "other_entry", "the entry that the market names records another envelope")];
  const own = { ...trust, keys: [trustedKey(spki, "given")] };
  const [judged, bundled] = [
    await judgeEnvelope(text, own, { saved: proof }),
    await judgeBundle(bundle, own),
  ];
  const isSame = bundled.payloadSha256 === judged.payloadSha256 && endingOf(bundled.rows) === "verified";
  return isSame
    ? judged.rows
    : [...judged.rows, failedRow("log", "other_entry", "its bundle does not verify")];
}
