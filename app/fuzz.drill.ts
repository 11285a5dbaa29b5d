import fc from "fast-check";
import { randomInt, randomUUID } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request as openRequest } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { encode } from "next-auth/jwt";
import { z } from "zod";
import { openMarket } from "@/lib/launch/market-under-test.mjs";
import {
  type Part,
  type RawRequest,
  actionCall,
  actionRequest,
  hostileParts,
  hostileTransport,
  hostileVisit,
} from "./hostile-request.fixture";

/**
 * Sends what nobody should to every action, route and page of a market that is really served, as a stranger, a user, the
 * other side of a deal and a moderator, and asks that everything answers without a fault of ours, that the market lives,
 * and that other people wait at most twice as long. `--short` does a few hundred to the market that APP_ORIGIN names.
 */

const isShort = process.argv.includes("--short");
/** Each asks every target so many times; drawn when its turn comes, because some requests hold a megabyte. */
const BLOCK = isShort ? { count: 1, cases: 3 } : { count: 24, cases: 4 };
const SECONDS = isShort ? 60 : 400;
const READING = isShort ? { quietRounds: 5, seconds: 10 } : { quietRounds: 50, seconds: 180 };
const PER_TURN = 40;
const SLOWER_AT_MOST = 2;
const seed = isShort ? 20_260_101 : Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
/** What an answer would hold that shows how the market is made: frames of a stack, its database, its folders. */
const INNARDS = /\n\s+at .+:\d+:\d+\)|PrismaClient|node_modules\/(?!next\/dist\/esm)|SQLSTATE/;
/** Another address of this machine, so that its limits are not those of the readers; each run has its own. */
const own = randomInt(1, 250);
const ATTACKER = process.platform === "linux" ? `127.${own}.${randomInt(250)}.1` : "127.0.0.1";
const SOCKET = ATTACKER.replace(/1$/, "2");

type Case = { name: string; who: Who; request: RawRequest };
type Who = (typeof people)[number];
const people = ["stranger", "user", "counterparty", "moderator"] as const;

const root = path.resolve(import.meta.dirname, "..");
const scratch = await mkdtemp(path.join(tmpdir(), "offcut-fuzz-"));
const market = isShort ? null : await openMarket(path.join(scratch, "market"));
Object.assign(process.env, market?.env, { NODE_ENV: "production" });

// What reads the environment comes after it is known.
const { actionRules, pageRules, routeRules } = await import("./authorisation-matrix.fixture");
const { makeForeignWorld } = await import("./foreign-world.fixture");
const { makeAccount, negotiatedDeal, pay } = await import("@/lib/deals/deal.fixture");
const { sessionCookieName } = await import("@/lib/accounts/session/auth-options");
const { hashPassword } = await import("@/lib/accounts/session/sign-in");
const { PASSWORD } = await import("@/lib/accounts/person.fixture");
const { db } = await import("@/lib/platform/db");
const { env } = await import("@/lib/platform/env");

const origin = env().APP_ORIGIN;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

type Answer = { status: number; milliseconds: number; text: string };

/** Sends bytes as they are; 0 stands for a connection that was closed without an answer. */
function send(
  { method, path: target, headers, body }: RawRequest,
  cookie = "",
  from = ATTACKER,
): Promise<Answer> {
  const begun = performance.now();
  const chunks: Buffer[] = [];
  const answered = (status: number) => ({
    ...{ status, milliseconds: performance.now() - begun },
    text: Buffer.concat(chunks).toString(),
  });
  const sent = [...headers, ...(cookie ? [["cookie", cookie]] : []), ["host", new URL(origin).host]];
  if (body) sent.push(["content-length", String(body.length)]);
  return new Promise((resolve) => {
    const { port } = new URL(origin);
    const options = {
      agent,
      host: "127.0.0.1",
      port,
      localAddress: from,
      method,
      path: target,
      setHost: false,
    };
    const outgoing = openRequest({ ...options, headers: sent.flat() }, (response) => {
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve(answered(response.statusCode ?? 0)));
      response.on("error", () => resolve(answered(0)));
    });
    outgoing.on("error", () => resolve(answered(0)));
    outgoing.setTimeout(60_000, () => outgoing.destroy());
    outgoing.end(body ?? undefined);
  });
}

async function cookieOf(accountId: string): Promise<string> {
  await db.account.update({ where: { id: accountId }, data: { status: "active" } });
  const expiresAt = new Date(Date.now() + 86_400_000);
  const { id: sessionId } = await db.session.create({
    data: { accountId, expiresAt, userAgent: "Drill", secondFactorAt: new Date() },
  });
  const token = await encode({ token: { sub: accountId, sessionId }, secret: env().NEXTAUTH_SECRET });
  return `${sessionCookieName()}=${token}`;
}

const world = await makeForeignWorld();
const accounts: Record<Exclude<Who, "stranger">, string> = {
  user: (await makeAccount()).accountId,
  counterparty: world.sellerAccountId,
  moderator: (await makeAccount(["moderator", "administrator", "evaluator"])).accountId,
};

await db.account.updateMany({
  where: { id: { in: Object.values(accounts) } },
  data: { passwordHash: await hashPassword(PASSWORD) },
});

/** The fields that the schemas of a domain name, with something that each takes. */
async function vocabularyOf(domain: string): Promise<Map<string, Part[]>> {
  const found = new Map<string, Part[]>();
  for (const file of globSync(`lib/${domain}/{*schemas,file-relation}.ts`, { cwd: root })) {
    const schemas = (await import(path.join(root, file))) as Record<string, unknown>;
    for (const [name, schema] of Object.entries(schemas))
      if (schema instanceof z.ZodObject)
        found.set(
          name,
          Object.entries(schema.shape).map(([field, kind]) => ({ name: field, value: sample(field, kind) })),
        );
  }
  return found;
}

function sample(field: string, kind: unknown): string {
  if (kind instanceof z.ZodEnum) return String(kind.options[0]);
  const known: Record<string, string> = {
    ...world,
    email: "a@example.org",
    part: "weights",
    handle: world.sellerHandle,
  };
  if (/password/i.test(field)) return PASSWORD;
  return known[field] ?? (/price|amount|months|count|revision|level/i.test(field) ? "1" : "Words of a form");
}

type ServerReference = { exportedName?: string; filename?: string; workers: Record<string, unknown> };

/** The id that this build gave to an action, and a page that may run it. */
function referenceOf(name: string): { id: string; page: string } {
  const [domain = "", action = ""] = name.split(".");
  const manifest = path.join(
    root,
    process.env.NEXT_DIST_DIR ?? ".next",
    "server/server-reference-manifest.json",
  );
  const { node } = JSON.parse(readFileSync(manifest, "utf8")) as { node: Record<string, ServerReference> };
  for (const [id, { exportedName, filename, workers }] of Object.entries(node)) {
    if (exportedName !== action || !filename?.includes(`lib/${domain}/`)) continue;
    const [page = ""] = Object.keys(workers);
    return { id, page: page.replace(/^app\//, "").replace(/\/?page$/, "") };
  }
  throw new Error(`The build has no action ${name}.`);
}

function addressOf(folder: string): string {
  const params = pageRules[folder]?.params?.(world) ?? {};
  const pieces = folder.split("/").filter((piece) => piece && !piece.startsWith("("));
  return `/${pieces.map((piece) => params[piece.replace(/\W/g, "")] ?? piece).join("/")}`;
}

async function actionCases(): Promise<fc.Arbitrary<Case>[]> {
  const cases = [];
  for (const [name, rule] of Object.entries(actionRules)) {
    const [domain = "", action = ""] = name.split(".");
    const vocabulary = await vocabularyOf(domain);
    const known = typeof rule === "function" ? Object.entries(rule(world)) : [];
    const own = known.map(([field, value]) => ({ name: field, value: String(value) }));
    const parts = own.length
      ? own
      : (vocabulary.get(`${action}Input`) ?? [...vocabulary.values()].flat().slice(0, 12));
    const { id, page } = referenceOf(name);
    const target = { id, path: addressOf(page), origin };
    const sent = fc
      .tuple(hostileParts(parts), actionCall)
      .chain(([edited, call]) => hostileTransport(actionRequest({ ...target, parts: edited }, call)));
    cases.push(asAnybody(`action ${name}`, sent));
  }
  return cases;
}

function asAnybody(name: string, request: fc.Arbitrary<RawRequest>): fc.Arbitrary<Case> {
  return fc.record({ name: fc.constant(name), who: fc.constantFrom(...people), request });
}

/** One of each action, page and route, as the authorisation matrix lists them. */
async function everyTarget(): Promise<fc.Arbitrary<Case>[]> {
  const names = new Set([
    "c",
    "q",
    "as",
    "after",
    "before",
    "cursor",
    "next",
    "about",
    "draft",
    "name",
    "wait",
    "limit",
    "token",
  ]);
  for (const domain of ["catalogue", "disputes", "deals"])
    for (const parts of (await vocabularyOf(domain)).values()) for (const { name } of parts) names.add(name);
  const visit = (folder: string, params: Record<string, string>, methods?: string[]) =>
    hostileVisit({ folder, params, names: [...names], origin }, methods).chain(hostileTransport);
  return [
    ...(await actionCases()),
    ...Object.entries(pageRules).map(([folder, rule]) =>
      asAnybody(`page ${folder}`, visit(folder, rule.params?.(world) ?? {})),
    ),
    ...Object.entries(routeRules).map(([name, rule]) => {
      const [method = "", folder = ""] = name.split(" ");
      return asAnybody(
        `route ${name}`,
        visit(folder, rule.params?.(world) ?? {}, [method, method, method, "GET", "PUT", "PURGE"]),
      );
    }),
    asAnybody(
      "route of next-auth",
      visit("api/auth/[action]/[provider]", { action: "callback", provider: "credentials" }),
    ),
  ];
}

/** Every target in turn, so that none is forgotten wherever the time ends. */
function drawn(targets: readonly fc.Arbitrary<Case>[], block: number): Case[] {
  const some = targets.map((target, index) =>
    fc.sample(target, { seed: seed + block * targets.length + index, numRuns: BLOCK.cases }),
  );
  return Array.from({ length: BLOCK.cases }, (_, at) => some.flatMap((cases) => cases[at] ?? [])).flat();
}

const reading: MarketReading = await openReading();
type MarketReading = { cookie: string; paths: string[] };

/** What somebody reads who has nothing to do with all this. */
async function openReading(): Promise<MarketReading> {
  const deal = await negotiatedDeal();
  await pay(deal);
  const { slug } = await db.listing.findUniqueOrThrow({ where: { id: deal.listingId } });
  return {
    cookie: await cookieOf(deal.buyer.accountId),
    paths: ["/", `/listings/${slug}`, `/deals/${deal.dealId}`],
  };
}

/** Nobody turns pages faster. */
const PAGE_EVERY_MS = 250;

async function readOnce(times: number[]): Promise<void> {
  for (const target of reading.paths) {
    const next = pause(PAGE_EVERY_MS);
    const page = { method: "GET", path: target, headers: [], body: null };
    const { status, milliseconds } = await send(page, reading.cookie, "127.0.0.1");
    if (status !== 200) throw new Error(`${target} answered ${status}.`);
    times.push(milliseconds);
    await next;
  }
}

const failures: string[] = [];
const statuses = new Map<number, number>();
let slowest = { milliseconds: 0, name: "" };

async function attack({ name, who, request }: Case, cookies: Record<string, string>): Promise<void> {
  const { status, milliseconds, text } = await send(request, cookies[who]);
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, name };
  if (status < 500 && !INNARDS.test(text)) return;
  const body = request.body?.subarray(0, 1_000).toString("latin1") ?? "";
  failures.push(
    `${status} ${name} as ${who}: ${request.method} ${request.path.slice(0, 300)}\n${JSON.stringify(request.headers)}\n${body}`,
  );
}

/** Sends some cases, one after another without a pause, each person signed in anew. */
async function turn(cases: Case[]): Promise<void> {
  const cookies: Record<string, string> = {};
  // Some cases sign out, end sessions or suspend.
  for (const [who, accountId] of Object.entries(accounts)) cookies[who] = await cookieOf(accountId);
  for (const one of cases) await attack(one, cookies);
}

/** Attacks for so long, beginning with this block; returns the one after the last. */
async function attackFor(targets: readonly fc.Arbitrary<Case>[], from: number, seconds: number) {
  const until = performance.now() + seconds * 1000;
  let block = from;
  for (; block < from + BLOCK.count && performance.now() < until; block++)
    for (const cases = drawn(targets, block); cases.length > 0 && performance.now() < until;)
      await turn(cases.splice(0, PER_TURN));
  return block;
}

/** The pages of somebody else, first while all is quiet and then beside the attacker. */
async function readBeside(targets: readonly fc.Arbitrary<Case>[], block: number) {
  const [quiet, busy]: [number[], number[]] = [[], []];
  for (let round = 0; round < READING.quietRounds; round++) await readOnce(quiet);
  let isOver = false;
  const reader = (async () => {
    while (!isOver) await readOnce(busy);
  })();
  await attackFor(targets, block, READING.seconds);
  isOver = true;
  await reader;
  return { quiet, busy };
}

function p95(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;
}

/** Forms of one sender, each under another forged address. Returns how often the answer says that it was too much. */
async function refusedOf(
  count: number,
  name: string,
  fields: (number: number) => Record<string, string>,
  too: RegExp,
) {
  const { id, page } = referenceOf(name);
  let refused = 0;
  for (let number = 0; number < count; number++) {
    const parts = Object.entries(fields(number)).map(([field, value]) => ({ name: field, value }));
    const target = { id, path: addressOf(page), parts, origin };
    const request = actionRequest(target, { isOfScript: false, state: "[null]" });
    request.headers.push(["x-forwarded-for", `203.0.113.${number}`], ["x-real-ip", `203.0.113.${number}`]);
    if (too.test((await send(request, "", SOCKET)).text)) refused++;
  }
  return refused;
}

/** How many of each kind get through from one socket, whatever its headers claim. */
async function limits(): Promise<Row[]> {
  const mark = randomUUID();
  const address = (number: number) => `${mark}-${number}@example.org`;
  const tooMany = /Too many attempts/;
  const passwords = await refusedOf(
    55,
    "accounts.signIn",
    (n) => ({ email: address(n), password: "wrong one" }),
    tooMany,
  );
  const mails = await refusedOf(63, "accounts.requestPasswordReset", (n) => ({ email: address(n) }), tooMany);
  const said = (n: number) => ({ about: `/${mark}`, reason: "other", body: `The report number ${n}` });
  const reports = await refusedOf(13, "disputes.fileReport", said, /This report was not kept/);
  const row = (attack: string, limit: number, measured: number): Row => ({
    ...{ attack: `${attack} from one socket, each under a forged address`, limit: `${limit}` },
    ...{ measured, within: measured === limit },
  });
  return [
    row("passwords a minute", 50, 55 - passwords),
    row("mails an hour", 60, 63 - mails),
    row("reports an hour", 10, 13 - reports),
  ];
}

type Row = { attack: string; limit: string; measured: string | number; within: boolean };

async function isAlive(): Promise<boolean> {
  const ready = await send({ method: "GET", path: "/api/ready", headers: [], body: null }, "", "127.0.0.1");
  return ready.status === 200;
}

async function fuzz(): Promise<boolean> {
  console.log(`Seed ${seed}`);
  const targets = await everyTarget();
  const begun = performance.now();
  for (let round = 0; round < 3; round++) await readOnce([]);
  const block = await attackFor(targets, 0, SECONDS);
  const { quiet, busy } = await readBeside(targets, block);
  const seconds = (performance.now() - begun) / 1000;
  for (const failure of failures.slice(0, 20)) console.log(`\n${failure}`);
  const slower = p95(busy) / p95(quiet);
  const rows: Row[] = [
    ...(await limits()),
    {
      attack: `${[...statuses.values()].reduce((a, b) => a + b, 0)} requests in ${seconds.toFixed(0)} s`,
      limit: "0 answers of 5xx",
      measured: failures.length,
      within: failures.length === 0,
    },
    {
      attack: "a connection closed without an answer",
      limit: "none",
      measured: statuses.get(0) ?? 0,
      within: !statuses.get(0),
    },
    { attack: "the market answers afterwards", limit: "yes", measured: "", within: await isAlive() },
    {
      attack: "a reader's p95 beside an attacker who never waits",
      limit: `${SLOWER_AT_MOST} times ${p95(quiet).toFixed(0)} ms${isShort ? ", judged by the long form" : ""}`,
      measured: `${slower.toFixed(2)} times, of ${busy.length} pages`,
      // A p95 of some dozens is the luck of one or two on a machine that does other things too.
      within: isShort || slower <= SLOWER_AT_MOST,
    },
    {
      attack: `slowest answer (${slowest.name})`,
      limit: "10 s",
      measured: `${(slowest.milliseconds / 1000).toFixed(1)} s`,
      within: slowest.milliseconds < 10_000,
    },
  ];
  for (const row of rows) console.log(JSON.stringify(row));
  console.log(
    `Answers: ${[...statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${count} × ${status}`)
      .join(", ")}`,
  );
  return rows.every(({ within }) => within);
}

let isFine = false;
try {
  isFine = await fuzz();
} finally {
  await market?.end();
  await rm(scratch, { recursive: true, force: true });
}
process.exit(isFine ? 0 : 1);
