import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { Refusal } from "./ending";

export type Fetched = { status: number; bytes: Uint8Array<ArrayBuffer> };

const TIMEOUT_SECONDS = 60;
/** The largest thing that is ever fetched: a bundle of 256 entries has at most 16.8 MB. */
const MAX_ANSWER_BYTES = 20_000_000;
const MAX_TRIES = 3;
const RETRY_MILLISECONDS = 300;
const BROKEN: readonly string[] = ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"];

/**
 * Fetches an address. Answers of 200, 404 and 410 come back; everything else, silence included, throws a refusal of
 * the kind "unreachable", which says nothing against what was to be checked.
 */
export async function fetchResponse(url: string, init: RequestInit = {}): Promise<Fetched> {
  if (!isAddress(url)) return readLocal(url);
  const { response, bytes } = await fetchWhole(url, init);
  if (init.method === undefined && ![200, 404, 410].includes(response.status))
    throw unreachable(url, `it answered ${response.status}`);
  return { status: response.status, bytes };
}

/** A file of a copy that lies in a folder, as if it were served. */
async function readLocal(file: string): Promise<Fetched> {
  try {
    return { status: 200, bytes: new Uint8Array(await readFile(file)) };
  } catch {
    return { status: 404, bytes: new Uint8Array() };
  }
}

/** A connection that broke is tried again; silence and refusals are answers of a kind. */
async function fetchWhole(
  url: string,
  init: RequestInit,
): Promise<{ response: Response; bytes: Uint8Array<ArrayBuffer> }> {
  for (let tries = 1; ; tries++) {
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000) });
      return { response, bytes: await readBounded(response, url) };
    } catch (error) {
      if (error instanceof Refusal) throw error;
      const reason = reasonOf(error);
      if (!BROKEN.includes(reason) || tries === MAX_TRIES) throw unreachable(url, reason);
      await pause(tries * RETRY_MILLISECONDS);
    }
  }
}

/** The bytes at an address; null when there is nothing. */
export async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const { status, bytes } = await fetchResponse(url);
  return status === 200 ? bytes : null;
}

/** The UTF-8 text at an address; null when there is nothing. Bytes that are no UTF-8 never pass for some. */
export async function fetchText(url: string): Promise<string | null> {
  const bytes = await fetchBytes(url);
  return bytes && decodeText(bytes, url);
}

/** The JSON at an address; null when there is nothing. */
export async function fetchJson(url: string): Promise<unknown> {
  const text = await fetchText(url);
  return text === null ? null : parseJson(text, url);
}

export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("unsupported", "not_json", `${what} is not JSON.`);
  }
}

export function decodeText(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal("unsupported", "not_text", `${what} is not UTF-8 text.`);
  }
}

async function readBounded(response: Response, url: string): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part as Uint8Array);
    length += (part as Uint8Array).length;
    if (length > MAX_ANSWER_BYTES)
      throw new Refusal("unsupported", "too_large", `${url} sends more than ${MAX_ANSWER_BYTES} bytes.`);
  }
  return new Uint8Array(Buffer.concat(parts));
}

export function unreachable(url: string, why: string): Refusal {
  return new Refusal("unreachable", "unreachable", `${url} could not be reached: ${why}.`);
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
  if (name === "TimeoutError") return `no answer within ${TIMEOUT_SECONDS} seconds`;
  return cause?.code ?? cause?.message ?? String(error);
}

/** Reads an http or https address; throws a usage refusal for any other. */
export function readAddress(text: string): URL {
  const url = URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol))
    throw new Refusal("usage", "usage", `"${text}" is not an http or https address.`);
  return url;
}

export function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}
