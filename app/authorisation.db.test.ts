import { randomUUID } from "node:crypto";
import { globSync } from "node:fs";
import path from "node:path";
import { encode } from "next-auth/jwt";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { ActionState } from "@/lib/accounts/action-state";
import { sessionCookieName } from "@/lib/accounts/session/auth-options";
import { makeAccount } from "@/lib/deals/deal.fixture";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { openInstallation } from "@/lib/platform/installation";
import {
  actionRules,
  actionsWithoutKey,
  pageRules,
  routeRules,
  routesOfLibraries,
} from "./authorisation-matrix.fixture";
import { type ForeignWorld, makeForeignWorld } from "./foreign-world.fixture";

/** What Next.js would hold of the request: whose cookie, which origin. */
const request = vi.hoisted(() => ({ cookie: "", origin: "http://localhost:3000" }));

vi.mock("next/headers", () => ({
  cookies: async () => ({
    get: (name: string) =>
      request.cookie && name.endsWith("session-token") ? { name, value: request.cookie } : undefined,
    getAll: () => [],
    set: () => undefined,
    delete: () => undefined,
  }),
  headers: async () => new Headers({ origin: request.origin, host: "localhost:3000" }),
}));

let world: ForeignWorld;
let strangerCookie = "";

beforeAll(async () => {
  await openInstallation();
  world = await makeForeignWorld();
  const stranger = await makeAccount();
  const { id: sessionId } = await db.session.create({
    data: { accountId: stranger.accountId, expiresAt: new Date(Date.now() + 86_400_000) },
  });
  strangerCookie = await encode({
    token: { sub: stranger.accountId, sessionId },
    secret: env().NEXTAUTH_SECRET,
  });
  expect(sessionCookieName()).toMatch(/session-token$/);
});

beforeEach(() => {
  request.cookie = "";
});

const root = path.resolve(import.meta.dirname, "..");
const folderOf = (file: string, name: string) => path.dirname(file).replace(/^app\/?/, "") || name;
const pages = globSync("app/**/page.tsx", { cwd: root }).map((file) => folderOf(file, ""));
const routeFolders = globSync("app/**/route.ts", { cwd: root }).map((file) => folderOf(file, ""));
const ownRouteFolders = routeFolders.filter((folder) => !routesOfLibraries.includes(folder));
const actionFiles = globSync("lib/*/{actions.ts,actions/*.ts}", { cwd: root });
const load = (file: string) =>
  import(/* @vite-ignore */ path.join(root, file)) as Promise<Record<string, unknown>>;

test("every page has a rule, and every rule a page", () => {
  expect(Object.keys(pageRules).sort()).toEqual(pages.sort());
});

test("every route handler has a rule, and every rule a handler", async () => {
  const found: string[] = [];
  for (const folder of ownRouteFolders) {
    const handlers = await load(`app/${folder}/route.ts`);
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"])
      if (handlers[method]) found.push(`${method} ${folder}`);
  }
  expect(Object.keys(routeRules).sort()).toEqual(found.sort());
});

test("every action has a rule, and every rule an action", async () => {
  const found: string[] = [];
  for (const file of actionFiles)
    for (const name of Object.keys(await load(file))) found.push(`${domainOf(file)}.${name}`);
  expect(Object.keys(actionRules).sort()).toEqual(found.sort());
});

for (const [folder, rule] of Object.entries(pageRules)) {
  test(`page /${folder}: a stranger gets ${rule.stranger}, somebody not signed in ${rule.anonymous}`, async () => {
    for (const who of ["stranger", "anonymous"] as const) {
      request.cookie = who === "stranger" ? strangerCookie : "";
      const { answer, text } = await visit(folder);
      expect(answer, who).toBe(rule[who]);
      if (!rule.isPublic) expectNothingOf(world, text);
    }
  });
}

for (const [name, rule] of Object.entries(routeRules)) {
  test(`route ${name} answers a stranger with ${rule.stranger}`, async () => {
    for (const who of ["stranger", "anonymous"] as const) {
      request.cookie = who === "stranger" ? strangerCookie : "";
      const status = await call(name);
      const expected = who === "stranger" ? rule.stranger : (rule.anonymous ?? rule.stranger);
      expect(status, who).toBe(expected);
    }
  });
}

for (const [name, rule] of Object.entries(actionRules)) {
  if (typeof rule !== "function") continue;
  test(`action ${name}: a foreign thing does not exist for a stranger and nothing changes`, async () => {
    const before = await fingerprint();
    request.cookie = strangerCookie;
    expect(await send(name, rule(world))).toMatchObject({ ok: false, code: "not_found" });
    request.cookie = "";
    expect(await send(name, rule(world))).toMatchObject({
      ok: false,
      code: expect.stringMatching(/^(signed_out|not_found)$/),
    });
    expect(await fingerprint()).toEqual(before);
  });
}

test("reading every page and route changes nothing", async () => {
  const before = await fingerprint();
  for (const cookie of [strangerCookie, ""]) {
    request.cookie = cookie;
    for (const folder of Object.keys(pageRules)) await visit(folder);
    for (const name of Object.keys(routeRules)) if (name.startsWith("GET ")) await call(name);
  }
  expect(await fingerprint()).toEqual(before);
});

test("no action runs for a form of another site, or of none", async () => {
  request.cookie = strangerCookie;
  for (const origin of ["https://evil.example", ""]) {
    request.origin = origin;
    expect(await send("accounts.endOtherSessions", {})).toMatchObject({ ok: false, code: "foreign_origin" });
  }
  request.origin = "http://localhost:3000";
});

for (const name of Object.keys(actionRules).filter((one) => !Object.hasOwn(actionsWithoutKey, one))) {
  test(`action ${name} demands a request key`, async () => {
    request.cookie = strangerCookie;
    const rule = actionRules[name];
    const fields = typeof rule === "function" ? rule(world) : {};
    for (const requestKey of ["", "short", "has spaces in the middle", "x".repeat(121)]) {
      expect(await send(name, { ...fields, requestKey })).toMatchObject({
        code: "invalid_input",
        fields: { requestKey: "This form is damaged. Reload the page." },
      });
    }
  });
}

test("only what people may send who are not signed in needs no request key", async () => {
  request.cookie = "";
  for (const name of Object.keys(actionsWithoutKey)) {
    const answer = await send(name, {}).catch(() => null);
    expect(answer && "code" in answer ? answer.code : "", name).not.toBe("signed_out");
    expect(answer && "fields" in answer ? answer.fields : {}, name).not.toHaveProperty("requestKey");
  }
});

function domainOf(file: string): string {
  return file.split("/")[1] ?? "";
}

async function visit(folder: string): Promise<{ answer: string; text: string }> {
  const rule = pageRules[folder];
  const { default: page } = await load(`app/${folder ? `${folder}/` : ""}page.tsx`);
  try {
    const element = await (page as (props: object) => Promise<unknown>)({
      params: Promise.resolve(rule?.params?.(world) ?? {}),
      searchParams: Promise.resolve(rule?.search ?? {}),
    });
    return { answer: "shown", text: flat(element) };
  } catch (error) {
    const digest = String((error as { digest?: string }).digest ?? "");
    if (digest.endsWith(";404")) return { answer: "not_found", text: "" };
    if (digest.startsWith("NEXT_REDIRECT")) {
      return { answer: digest.includes("/sign-in") ? "sign_in" : "sent_on", text: "" };
    }
    throw error;
  }
}

/** Everything a page hands to its components, as text. */
function flat(element: unknown): string {
  const seen = new WeakSet<object>();
  return (
    JSON.stringify(element, (name, value: unknown) => {
      if (typeof value === "bigint") return value.toString();
      if (name === "_owner" || name === "_store" || typeof value === "function") return undefined;
      if (typeof value === "object" && value !== null) {
        if (seen.has(value)) return undefined;
        seen.add(value);
      }
      return value;
    }) ?? ""
  );
}

function expectNothingOf(foreignWorld: ForeignWorld, text: string): void {
  const {
    listingId: _listing,
    slug: _slug,
    sellerHandle: _handle,
    sellerAccountId: _account,
    ...secrets
  } = foreignWorld;
  for (const [name, value] of Object.entries(secrets)) expect(text.includes(value), name).toBe(false);
}

async function call(name: string): Promise<number> {
  const rule = routeRules[name];
  const [method = "", folder = ""] = name.split(" ");
  const handlers = await load(`app/${folder}/route.ts`);
  const address = new URL(`http://localhost:3000/${folder}`);
  for (const [key, value] of Object.entries(rule?.search?.(world) ?? {}))
    address.searchParams.set(key, value);
  const { NextRequest } = await import("next/server");
  const incoming = new NextRequest(address, {
    method,
    headers: { origin: request.origin, "content-type": "application/octet-stream" },
    ...(method === "POST" ? { body: "bytes" } : {}),
  });
  const handler = handlers[method] as (incoming: Request, context: object) => Promise<Response>;
  try {
    return (await handler(incoming, { params: Promise.resolve(rule?.params?.(world) ?? {}) })).status;
  } catch (error) {
    const digest = String((error as { digest?: string }).digest ?? "");
    if (digest.includes("404")) return 404;
    throw error;
  }
}

async function send(name: string, fields: Record<string, string>): Promise<ActionState> {
  const [domain = "", action = ""] = name.split(".");
  for (const file of actionFiles.filter((candidate) => domainOf(candidate) === domain)) {
    const found = (await load(file))[action];
    if (!found) continue;
    const form = new FormData();
    for (const [key, value] of Object.entries({ requestKey: randomUUID(), ...fields })) form.set(key, value);
    return (found as (state: null, form: FormData) => Promise<ActionState>)(null, form);
  }
  throw new Error(`There is no action ${name}.`);
}

/** A digest of every table that a refused request has no business in. */
async function fingerprint(): Promise<Record<string, string>> {
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
    WHERE table_schema IN ('public', 'pgboss') AND table_type = 'BASE TABLE'
      AND table_name <> 'Session' AND table_name !~* 'attempt|rate'`;
  const digests: Record<string, string> = {};
  for (const { name } of tables) {
    const rows = await db.$queryRawUnsafe<{ digest: string | null }[]>(
      `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS digest FROM ${name} t`,
    );
    digests[name] = rows[0]?.digest ?? "";
  }
  return digests;
}
