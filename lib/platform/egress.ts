import "server-only";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request } from "node:https";
import type { LookupFunction } from "node:net";
import { DomainError } from "@/lib/shared/domain-error";
import { type Pinned, type Resolve, checkedAddress, refusedTarget } from "./egress-target";
import { env } from "./env";

/** What goes out to an address that a stranger named. */
export const egressLimits = { seconds: 10, answerBytes: 1024 ** 2 } as const;

export type Answered = {
  status: number;
  contentType: string;
  text: string;
  retryAfterSeconds: number | null;
};

/**
 * Sends JSON to an address that a stranger named, and reads the answer. Only to https on port 443 or 8443, only where every
 * address of the name is one that anybody may reach, and to exactly the address that was looked at; no redirect is
 * followed, nothing of ours goes along, and an answer is at most 1 MiB and ten seconds away. The demo's own seller is
 * reached on this machine, by exactly its origin. Throws `egress_refused` with the reason, and `egress_failed`.
 */
export async function sendJson(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  resolve?: Resolve,
): Promise<Answered> {
  const isOwn = isDemoSeller(url);
  const reason = isOwn ? null : refusedTarget(url);
  if (reason !== null) throw refused(reason);
  const target = new URL(url);
  const pinned = isOwn ? null : await checkedAddress(target.hostname, resolve);
  return send(target, JSON.stringify(body), headers, pinned);
}

/** The one place on this machine that is called like a stranger's; null where this is no demo. */
export function demoSellerOrigin(): string | null {
  const { OFFCUT_DEMO, DEMO_SELLER_ORIGIN } = env();
  return OFFCUT_DEMO ? (DEMO_SELLER_ORIGIN ?? null) : null;
}

function isDemoSeller(url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === demoSellerOrigin();
}

/** Whatever the name leads to by now, the address that was looked at is connected to. */
function onlyAt({ address, family }: Pinned): LookupFunction {
  return (_name, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family));
}

function send(
  target: URL,
  body: string,
  headers: Readonly<Record<string, string>>,
  pinned: Pinned | null,
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const call = target.protocol === "https:" ? request : plainRequest;
    const sent = call(target, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "accept-encoding": "identity",
        "user-agent": "Offcut",
        "content-length": Buffer.byteLength(body),
        ...headers,
      },
      ...(pinned && { lookup: onlyAt(pinned) }),
      agent: false,
    });
    const stop = (error: DomainError) => sent.destroy(error);
    const timer = setTimeout(
      () => stop(failed(`${target.host} gave no answer in ${egressLimits.seconds} seconds.`)),
      egressLimits.seconds * 1000,
    );
    sent.on("error", (error) =>
      reject(error instanceof DomainError ? error : failed(`${target.host} could not be reached.`)),
    );
    sent.on("response", (response) => {
      readAnswer(response, target.host).then(resolve, (error: unknown) => {
        const said = error instanceof DomainError ? error : failed(`${target.host} broke off its answer.`);
        stop(said);
        reject(said);
      });
    });
    sent.on("close", () => clearTimeout(timer));
    sent.end(body);
  });
}

async function readAnswer(response: IncomingMessage, host: string): Promise<Answered> {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400)
    throw refused(`${host} sends on to another address, which is not followed.`);
  const chunks: Buffer[] = [];
  let received = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    received += chunk.length;
    if (received > egressLimits.answerBytes) throw failed(`${host} answered more than one megabyte.`);
    chunks.push(chunk);
  }
  const wait = Number(response.headers["retry-after"]);
  return {
    status,
    contentType: response.headers["content-type"] ?? "",
    text: Buffer.concat(chunks).toString("utf8"),
    retryAfterSeconds: Number.isFinite(wait) && wait >= 0 ? wait : null,
  };
}

function refused(message: string): DomainError {
  return new DomainError("egress_refused", message);
}

function failed(message: string): DomainError {
  return new DomainError("egress_failed", message);
}
