import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import { isPlainFormMessage, isScriptFormMessage } from "@/lib/accounts/action-message";
import { networkOf } from "@/lib/accounts/session/network";
import { env } from "@/lib/platform/env";
import { waitForTurn } from "@/lib/platform/pace";
import { isOwnOrigin } from "@/lib/platform/own-origin";

/** Why a request is answered before a page is asked, in words for whoever may read them. */
export type RefusedRequest = {
  status: number;
  title: string;
  lead: string;
  headers?: Record<string, string>;
};

const METHODS = ["GET", "HEAD", "POST", "OPTIONS"];
/** What `serverActions.bodySizeLimit` of next.config.ts says too. */
const MAX_FORM_BYTES = 1024 ** 2;
/** Programs hand statements in from anywhere: the signature is the authorisation, and no cookie counts. */
const OPEN_TO_ALL = "/api/v1/envelopes";

/**
 * Files of the build, the log and its statements, of which a reader who checks everything needs thousands and each is one
 * row, what the operator's own tools ask, and the door for statements, which has a pace of its own.
 */
const WITHOUT_PACE = /^\/(_next\/|icon|log\/|api\/(health|ready)$|api\/v1\/envelopes$)/;

/** Lets a request wait for its client's turn (`lib/platform/README.md`); refused where that would take too long. */
export async function pacedRequest({ url, headers }: Request): Promise<RefusedRequest | null> {
  if (WITHOUT_PACE.test(new URL(url).pathname)) return null;
  if (await waitForTurn(headers, networkOf(headers) ?? "unknown")) return null;
  const lead =
    "So much was asked from your address that others would have to wait. Nothing was changed. Try again in half a minute.";
  return { status: 429, title: "Too much at once", lead, headers: { "retry-after": "30" } };
}

/** What Next.js would answer as a fault of ours, or run although another site sent it; null when nothing is wrong. */
export async function refusedRequest(request: Request): Promise<RefusedRequest | null> {
  const { pathname } = new URL(request.url);
  // The library answers every other method there with 500.
  const methods = pathname.startsWith("/api/auth/callback/") ? ["POST"] : METHODS;
  if (!methods.includes(request.method)) {
    const lead = `This address does not answer ${request.method}.`;
    return { status: 405, title: "Not in this way", lead, headers: { allow: methods.join(", ") } };
  }
  if (request.method !== "POST") return null;
  if (pathname !== OPEN_TO_ALL && isForeign(request)) return foreign();
  return pathname.startsWith("/api/") ? null : refusedForm(request);
}

/** Sent by a page of another address than this one. Without the header, actions and routes decide themselves. */
function isForeign({ headers }: Request): boolean {
  const origin = headers.get("origin");
  if (origin === null || isOwnOrigin(origin)) return false;
  // Whoever opened these pages under another address of this machine reads why in the form they sent.
  return !URL.canParse(origin) || new URL(origin).host !== headers.get("host");
}

function foreign(): RefusedRequest {
  const own = new URL(env().APP_ORIGIN).origin;
  const lead = `This form was sent from another address than ${own}. Nothing was changed. Open the page there and send it again.`;
  return { status: 403, title: "Sent from somewhere else", lead };
}

async function refusedForm(request: Request): Promise<RefusedRequest | null> {
  const contentType = request.headers.get("content-type") ?? "";
  const isOfScript = request.headers.has("next-action");
  const isForm = contentType.startsWith("multipart/form-data");
  if (!isOfScript && !isForm) return null;
  const bytes = await bodyOf(request);
  if (bytes === null) {
    const lead = "A form here takes at most one megabyte. Nothing was changed. Go back and send less.";
    return { status: 413, title: "Too much at once", lead };
  }
  const form = isOfScript ? await readOfScript(bytes, contentType) : await readPlain(bytes, contentType);
  const isReadable = form && (isOfScript ? isScriptFormMessage(form) : isPlainFormMessage(form));
  const lead =
    "What arrived is not what a page here sends. Nothing was changed. Open the page again and send it once more.";
  return isReadable ? null : { status: 400, title: "This form cannot be read", lead };
}

/** Null when it is larger than a form may be, which is found out without keeping more. */
async function bodyOf(request: Request): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_FORM_BYTES) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.clone().body?.getReader();
  for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
    chunks.push(read.value);
    size += read.value.byteLength;
    // It is let go rather than cancelled: cancelling waits until nobody reads the other copy either.
    if (size > MAX_FORM_BYTES) return null;
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

/** As Next.js reads a form that was sent without JavaScript. */
async function readPlain(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<FormData | null> {
  return new Response(bytes, { headers: { "content-type": contentType } }).formData().catch(() => null);
}

/** As Next.js reads one that JavaScript sent: with another reader, which refuses other things. */
async function readOfScript(bytes: Uint8Array, contentType: string): Promise<FormData | null> {
  const form = new FormData();
  try {
    const limits = { fieldSize: MAX_FORM_BYTES };
    const reader = busboy({ defParamCharset: "utf8", headers: { "content-type": contentType }, limits });
    reader.on("field", (name, value) => form.append(name, value));
    reader.on("file", (name, content, { filename, encoding }) => {
      // A file that is cut short fails by itself too; the reader says it for both.
      content.on("error", () => {}).resume();
      // React refuses this one by an error.
      if (encoding.toLowerCase() === "base64") reader.destroy(new Error("A file in base64."));
      form.append(name, new File([], filename ?? ""));
    });
    await pipeline(Readable.from([bytes]), reader);
    return form;
  } catch {
    return null;
  }
}

const STYLE = `:root{color-scheme:light dark;font-family:system-ui,sans-serif;line-height:1.5}
body{max-width:36rem;margin:0 auto;padding:1.75rem 1rem}h1{font-size:1.6rem;line-height:1.2}`;

/** A whole document that needs nothing else of this site, so that refusing costs nothing. */
export function refusedPage({ title, lead }: RefusedRequest, nonce: string): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${title} · Offcut</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style nonce="${nonce}">${STYLE}</style></head>
<body><main><h1>${title}</h1><p>${escaped(lead)}</p><p><a href="/">Browse the market</a></p></main></body></html>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
