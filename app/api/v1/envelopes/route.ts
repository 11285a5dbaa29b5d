import { networkOf } from "@/lib/accounts/session/network";
import { LaterError, handInEnvelope } from "@/lib/evidence/commands/hand-in-envelope";
import { MAX_HANDED_IN_BYTES } from "@/lib/evidence/outside-policy";
import { awaitTlogProof } from "@/lib/evidence/queries/log-entry";
import { log } from "@/lib/platform/log";
import { DomainError } from "@/lib/shared/domain-error";

export const dynamic = "force-dynamic";

const MAX_WAIT_SECONDS = 20;
const headers = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "POST, OPTIONS",
  "Access-Control-Allow-Headers": "Content-Type",
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
};

/**
 * The door for signed statements from outside: a DSSE envelope as JSON, at most 64 KiB. The signature is the
 * authorisation; no session counts here. 202 once it is recorded; with `?wait=20` also 200 with the `proof`, as soon
 * as a published checkpoint covers it.
 */
export async function POST(request: Request): Promise<Response> {
  const wait = readWait(request);
  if (wait === null) return refuse(400, "bad_parameter", `wait is 0 to ${MAX_WAIT_SECONDS} seconds.`);
  const [mediaType = "", ...parameters] = (request.headers.get("content-type") ?? "")
    .toLowerCase()
    .split(";");
  const isUtf8 = parameters.every((parameter) => parameter.trim() === "charset=utf-8");
  if (mediaType.trim() !== "application/json" || !isUtf8)
    return refuse(415, "media_type", "Send the envelope as application/json.");
  const body = await readBody(request);
  if (body === "too_large") return refuse(413, "too_large", "An envelope has at most 64 KiB here.");
  if (body === "not_text") return refuse(400, "envelope_refused", "This is not UTF-8 text.");
  try {
    const ip = networkOf(request.headers);
    const handedIn = await handInEnvelope(body.text, ip);
    const proof = await awaitTlogProof(handedIn.leafHash, wait);
    log.info({ command: "handInEnvelope", outcome: "ok" }, "submission");
    const answer = { ...handedIn, state: proof === null ? "waiting" : "logged" };
    return wait > 0 && proof !== null
      ? Response.json({ ...answer, proof }, { status: 200, headers })
      : Response.json(answer, { status: 202, headers });
  } catch (error) {
    if (error instanceof LaterError) return later(error);
    if (!(error instanceof DomainError)) throw error;
    log.info({ command: "handInEnvelope", outcome: error.code }, "submission");
    return refuse(400, error.code, error.message);
  }
}

export function OPTIONS(): Response {
  return new Response(null, { status: 204, headers });
}

/** Seconds to wait; null for what is no such number, or another parameter. */
function readWait(request: Request): number | null {
  const { searchParams } = new URL(request.url);
  const names = [...searchParams.keys()];
  if (names.length === 0) return 0;
  const wait = searchParams.get("wait") ?? "";
  const isOnlyWait = names.length === 1 && /^\d{1,2}$/.test(wait);
  return isOnlyWait && Number(wait) <= MAX_WAIT_SECONDS ? Number(wait) : null;
}

/** The body, read no further than its bound. */
async function readBody(request: Request): Promise<{ text: string } | "too_large" | "not_text"> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_HANDED_IN_BYTES) return "too_large";
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length > MAX_HANDED_IN_BYTES) return "too_large";
    parts.push(part);
  }
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { text: decoder.decode(Buffer.concat(parts)) };
  } catch {
    return "not_text";
  }
}

function refuse(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status, headers });
}

function later({ code, message, retryAfterSeconds }: LaterError): Response {
  const status = code === "log_busy" ? 503 : 429;
  return Response.json(
    { error: { code, message } },
    { status, headers: { ...headers, "Retry-After": String(retryAfterSeconds) } },
  );
}
