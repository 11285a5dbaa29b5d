import { randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible } from "./fixtures/accessible";
import { unknownBankList } from "./fixtures/bank-file";
import { database, type DemoPerson, expect, signInAs, test } from "./fixtures/sign-in";
import { addApp, openAccount, typePassword } from "./fixtures/two-step";

type Place = {
  /** The address, or how to find one that shows this state. */
  at: string | (() => Promise<string>);
  state?: string;
  as?: DemoPerson;
};

async function firstOf(sql: string, ...values: unknown[]): Promise<string> {
  const { rows } = await database().query<{ found: string }>({ text: sql, values });
  if (!rows[0]) throw new Error(`The demo market has no row for: ${sql} (${values.join(", ")})`);
  return rows[0].found;
}

const slug = () =>
  firstOf(`SELECT slug AS found FROM "Listing" WHERE "isDemo" AND status = 'open' ORDER BY slug LIMIT 1`);

/** A listing whose weights anybody can license at once, of a demo seller. */
const licensable = (email: string) =>
  firstOf(
    `SELECT l.slug AS found FROM "Listing" l
     JOIN "StandingOffer" s ON s."listingId" = l.id AND s.part = 'weights' AND s."withdrawnAt" IS NULL
     JOIN "Account" a ON a.id = l."sellerId" AND a.email = $1
     WHERE l."isDemo" AND l.status = 'open' ORDER BY l.slug LIMIT 1`,
    email,
  );
const SELLER = "seller@demo.offcut.test";

/** The oldest deal in a state, which is one of the demo's. */
const deal = (negotiation: string, fulfilment = "UNFUNDED") =>
  firstOf(
    `SELECT id AS found FROM "Deal" WHERE negotiation::text = $1 AND fulfilment::text = $2 ORDER BY "createdAt" LIMIT 1`,
    negotiation,
    fulfilment,
  );

const evaluation = () =>
  firstOf(
    `SELECT e.id AS found FROM "Evaluation" e JOIN "Listing" l ON l.id = e."listingId"
     WHERE e."envelopeSha256" IS NOT NULL AND l."isDemo" ORDER BY e."createdAt" LIMIT 1`,
  );

const modelDigest = () =>
  firstOf(
    `SELECT v."modelDigest" AS found FROM "Listing" l JOIN "ModelVersion" v ON v.id = l."versionId"
     WHERE l."isDemo" AND v."modelDigest" IS NOT NULL ORDER BY l.slug LIMIT 1`,
  );

/** A file of the moderator, who reads none in any journey: one in work would keep its account from reading another. */
const reading = (state: string, location: string | null) =>
  firstOf(
    `INSERT INTO "FileReading" (id, "accountId", "fileName", state, message, location, "startedAt", "endedAt")
     SELECT gen_random_uuid()::text, id, 'rows.csv', $2, 'It stands so.', $3, now(),
       CASE WHEN $2 = 'reading' THEN NULL ELSE now() END
     FROM "Account" WHERE email = $1 RETURNING '/sell/readings/' || id AS found`,
    "moderator@demo.offcut.test",
    state,
    location,
  );

/** A run of the moderator, who asks for none in any journey; no job of the queue knows of it. */
const run = (phase: string) =>
  firstOf(
    `INSERT INTO "EvaluationRun" (id, "askedById", "rowsFrom", "listingId", "versionId", "modelDigest", "contractSha256",
       "dataSetName", "rowsFileId", "rowsFileName", "rowsFileSha256", salt, "readAs", phase, failure, "askedAt", "endedAt")
     SELECT gen_random_uuid()::text, a.id, 'buyer', l.id, l."versionId", repeat('0', 64), repeat('0', 64), 'Rows of a desk',
       gen_random_uuid()::text, 'rows.csv', repeat('0', 64), repeat('0', 64), '{}', $2::"RunPhase",
       CASE WHEN $2 = 'failed' THEN 'The model could not be run.' END, now(), CASE WHEN $2 <> 'queued' THEN now() END
     FROM "Account" a, (SELECT id, "versionId" FROM "Listing" WHERE "isDemo" ORDER BY slug LIMIT 1) l
     WHERE a.email = $1 RETURNING '/runs/' || id AS found`,
    "moderator@demo.offcut.test",
    phase,
  );

async function comparison(): Promise<string> {
  const slugs = await firstOf(
    `SELECT string_agg('c=' || slug, '&') AS found
     FROM (SELECT slug FROM "Listing" WHERE "isDemo" AND status = 'open' ORDER BY slug LIMIT 4) AS four`,
  );
  return `/compare?${slugs}`;
}

/** Every page by its route, in the states that a demo market has; the states further down are brought about. */
const places: Record<string, readonly Place[]> = {
  "/": [
    { at: "/" },
    { at: "/", as: "buyer", state: "signed in" },
    { at: "/?q=nothing-is-called-this", state: "nothing found" },
    { at: "/?minEvidence=platform_measured&sort=price&task=text-classification", state: "filtered" },
  ],
  "/account": [
    { at: "/account", as: "buyer" },
    { at: "/account", as: "administrator" },
  ],
  "/account/second-step/[factorId]": [],
  "/account/second-step/app": [{ at: "/account/second-step/app", as: "buyer" }],
  "/account/second-step/app/confirm": [
    { at: "/account/second-step/app/confirm", as: "buyer", state: "nothing waits" },
  ],
  "/account/second-step/codes": [{ at: "/account/second-step/codes", as: "buyer" }],
  "/account/second-step/passkey": [{ at: "/account/second-step/passkey", as: "buyer" }],
  "/appeals/[sanctionId]": [],
  "/compare": [
    { at: "/compare", state: "empty" },
    { at: comparison, state: "four listings" },
    { at: async () => `${await comparison()}&calls=many`, state: "a volume that cannot be read" },
  ],
  "/confirm-address": [{ at: "/confirm-address?token=unknown" }],
  "/deals": [
    { at: "/deals", as: "buyer" },
    { at: "/deals", as: "seller" },
    { at: "/deals", as: "evaluator", state: "empty" },
  ],
  "/deals/[dealId]": [
    { at: async () => `/deals/${await deal("REQUESTED")}`, as: "seller", state: "an offer to answer" },
    { at: async () => `/deals/${await deal("REQUESTED")}`, as: "buyer", state: "an offer made" },
    { at: async () => `/deals/${await deal("OFFERED")}`, as: "buyer", state: "a counter-offer" },
    { at: async () => `/deals/${await deal("FINALIZED")}`, as: "buyer", state: "to pay" },
    { at: async () => `/deals/${await deal("FINALIZED", "DELIVERED")}`, as: "buyer", state: "to inspect" },
    { at: async () => `/deals/${await deal("FINALIZED", "DELIVERED")}`, as: "seller", state: "delivered" },
    {
      at: async () => `/deals/${await deal("FINALIZED", "DELIVERY_ACCEPTED")}`,
      as: "buyer",
      state: "accepted",
    },
  ],
  "/deals/[dealId]/dispute": [],
  "/deals/payments": [{ at: "/deals/payments", as: "administrator" }],
  "/deals/payments/received": [{ at: "/deals/payments/received", as: "administrator" }],
  "/deals/payments/statements/[draftId]": [],
  "/contributions": [{ at: "/contributions", as: "buyer", state: "empty" }],
  "/deals/statement": [
    { at: "/deals/statement", as: "seller" },
    { at: "/deals/statement", as: "evaluator", state: "empty" },
  ],
  "/evaluations/[evaluationId]": [{ at: async () => `/evaluations/${await evaluation()}` }],
  "/forgot-password": [{ at: "/forgot-password" }],
  "/forgot-password/sent": [{ at: "/forgot-password/sent" }],
  "/glossary": [{ at: "/glossary" }],
  "/licences": [
    { at: "/licences", as: "buyer" },
    { at: "/licences", as: "evaluator", state: "empty" },
  ],
  "/listings/[slug]": [
    { at: async () => `/listings/${await slug()}` },
    {
      at: async () => `/listings/${await slug()}?level=0.95&calls=many&months=0`,
      state: "a level of one's own, a volume that cannot be read",
    },
    { at: async () => `/listings/${await licensable(SELLER)}`, as: "buyer" },
    { at: async () => `/listings/${await licensable(SELLER)}`, as: "seller", state: "your own" },
  ],
  "/listings/[slug]/evaluate": [
    { at: async () => `/listings/${await licensable(SELLER)}/evaluate`, as: "evaluator" },
  ],
  "/listings/[slug]/license": [
    { at: async () => `/listings/${await licensable(SELLER)}/license?part=weights`, as: "buyer" },
    {
      at: async () => `/listings/${await licensable(SELLER)}/license?part=name`,
      as: "buyer",
      state: "not offered",
    },
  ],
  "/listings/[slug]/offer": [
    { at: async () => `/listings/${await licensable(SELLER)}/offer?part=weights`, as: "buyer" },
    {
      at: async () => `/listings/${await licensable(SELLER)}/offer?part=weights&calls=many`,
      as: "buyer",
      state: "a volume that cannot be read",
    },
  ],
  "/listings/[slug]/standing-offer": [
    { at: async () => `/listings/${await licensable(SELLER)}/standing-offer?part=weights`, as: "seller" },
  ],
  "/listings/[slug]/measure": [
    { at: async () => `/listings/${await slug()}/measure`, as: "buyer" },
    { at: async () => `/listings/${await licensable(SELLER)}/measure`, as: "seller", state: "your own" },
  ],
  "/listings/[slug]/try": [{ at: async () => `/listings/${await slug()}/try` }],
  "/listings/[slug]/statements": [{ at: async () => `/listings/${await slug()}/statements` }],
  "/log": [
    { at: "/log" },
    { at: "/log?q=nothing", state: "not a digest" },
    { at: `/log?q=${"0".repeat(64)}`, state: "nothing found" },
    { at: async () => `/log?q=${await modelDigest()}`, state: "statements about files" },
  ],
  "/log/entries/[index]": [{ at: "/log/entries/0" }],
  "/mailbox": [{ at: "/mailbox" }],
  "/moderation": [{ at: "/moderation", as: "moderator" }],
  "/moderation/accounts": [{ at: "/moderation/accounts", as: "administrator" }],
  "/moderation/audit": [{ at: "/moderation/audit", as: "moderator" }],
  "/moderation/cases/[disputeId]": [],
  "/moderation/reported/[subjectId]": [],
  "/moderation/reports/[reportId]": [],
  "/people/[handle]": [{ at: "/people/demo-seller" }, { at: "/people/demo-buyer", state: "nothing listed" }],
  "/report": [{ at: "/report?about=/" }],
  "/reset-password": [{ at: "/reset-password?token=unknown" }],
  "/runs": [
    { at: "/runs", as: "moderator" },
    { at: "/runs", as: "administrator", state: "empty" },
  ],
  "/runs/[runId]": [
    { at: () => run("queued"), as: "moderator", state: "waits" },
    { at: () => run("failed"), as: "moderator", state: "failed" },
    { at: () => run("cancelled"), as: "moderator", state: "cancelled" },
  ],
  "/sell": [
    { at: "/sell", state: "signed out" },
    { at: "/sell", as: "seller" },
    { at: "/sell", as: "evaluator", state: "empty" },
  ],
  "/sell/[draftId]": [],
  "/sell/[draftId]/preview": [],
  "/sell/readings/[readingId]": [
    { at: () => reading("ready", "/sell"), as: "moderator", state: "read" },
    { at: () => reading("refused", null), as: "moderator", state: "refused" },
    { at: () => reading("reading", null), as: "moderator", state: "being read" },
  ],
  "/sell/claims/[slug]": [
    { at: async () => `/sell/claims/${await licensable(SELLER)}`, as: "seller", state: "to sign" },
  ],
  "/sign-in": [{ at: "/sign-in" }],
  "/sign-in/second-step": [],
  "/sign-up": [{ at: "/sign-up" }],
  "/sign-up/sent": [{ at: "/sign-up/sent" }],
  "/verify": [{ at: "/verify" }],
  "/watched": [{ at: "/watched", as: "buyer" }],
};

/** Pages that only exist once somebody has acted; the tests below visit them. */
const broughtAbout = new Set([
  "/account/second-step/[factorId]",
  "/appeals/[sanctionId]",
  "/deals/[dealId]/dispute",
  "/deals/payments/statements/[draftId]",
  "/moderation/cases/[disputeId]",
  "/moderation/reported/[subjectId]",
  "/moderation/reports/[reportId]",
  "/sell/[draftId]",
  "/sell/[draftId]/preview",
  "/sign-in/second-step",
]);

/** Opens an address and insists that it is the page of that route, not a sign-in or an error in its place. */
async function open(page: Page, route: string, address: string): Promise<void> {
  const answer = await page.goto(address);
  expect(answer?.status(), address).toBe(200);
  const pattern = route.replace(/\[\w+\]/g, "[^/]+");
  expect(new URL(page.url()).pathname).toMatch(new RegExp(`^${pattern}$`));
}

for (const [route, states] of Object.entries(places)) {
  for (const { at, as, state } of states) {
    const name = [route, state && `(${state})`, as && `as ${as}`].filter(Boolean).join(" ");
    test(`axe finds nothing on ${name}, light and dark, and it fits a phone`, async ({ page, context }) => {
      if (as) await signInAs(context, as);
      await open(page, route, typeof at === "string" ? at : await at());
      await expectAccessible(page);
    });
  }
}

test("axe finds nothing on a factor and on the second step of a sign-in, light and dark", async ({
  page,
}) => {
  const email = await openAccount("Accessible");
  await typePassword(page, email);
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
  await addApp(page);
  await page.goto("/account");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Change Pocket phone" }).click();
  await expect(page.getByRole("button", { name: "Remove it" })).toBeVisible();
  await expectAccessible(page);
  await page.context().clearCookies();
  await typePassword(page, email);
  await expect(page.getByRole("heading", { name: "Second step" })).toBeVisible();
  await expectAccessible(page);
});

test("no page is missing from this list", async () => {
  const files = await readdir("app", { recursive: true });
  const routes = files
    .filter((file) => /(^|\/)page\.tsx$/.test(file))
    .map((file) => `/${file.replace(/\(\w+\)\//g, "").replace(/\/?page\.tsx$/, "")}`);
  expect(Object.keys(places).sort()).toEqual(routes.sort());
  const empty = Object.keys(places).filter((route) => places[route]?.length === 0);
  expect(empty.sort()).toEqual([...broughtAbout].sort());
});

test("themes differ in colours alone, so that one of them can stand for both in what is no colour", async () => {
  const styled = (
    await Promise.all(["app", "components"].map((folder) => readdir(folder, { recursive: true })))
  )
    .flatMap((files, at) => files.map((file) => `${["app", "components"][at]}/${file}`))
    .filter((file) => /\.(tsx|css)$/.test(file));
  for (const file of styled) {
    expect(await readFile(file, "utf8"), file).not.toMatch(/\bdark:|@media[^{]*prefers-color-scheme/);
  }
});

test("axe finds nothing on what is not there", async ({ page }) => {
  const answer = await page.goto("/nowhere");
  expect(answer?.status()).toBe(404);
  await expectAccessible(page);
});

test("axe finds nothing on a draft and its preview", async ({ page, context }) => {
  await signInAs(context, "evaluator");
  await page.goto("/sell");
  await page.getByRole("button", { name: "Start a draft" }).click();
  await expect(page).toHaveURL(/\/sell\/[0-9a-f-]{36}/);
  const address = new URL(page.url()).pathname;
  await expectAccessible(page);
  await open(page, "/sell/[draftId]/preview", `${address}/preview`);
  await expectAccessible(page);
});

test("axe finds nothing on a statement whose columns are asked for, and on its lines", async ({
  page,
  context,
}) => {
  await signInAs(context, "administrator");
  await page.goto("/deals/payments");
  await page.getByLabel("A statement of the bank").setInputFiles(unknownBankList().file);
  await page.getByRole("button", { name: "Read it" }).click();
  await expect(page.getByRole("heading", { name: "What the columns are" })).toBeVisible();
  await open(page, "/deals/payments/statements/[draftId]", new URL(page.url()).pathname);
  await expectAccessible(page);
  for (const [column, role] of [
    ["Booked", "date"],
    ["Words", "text"],
    ["Sum", "amount"],
  ] as const)
    await page.getByLabel(column, { exact: true }).selectOption(role);
  await page.getByRole("button", { name: "Read it so" }).click();
  await expect(page.getByRole("region", { name: "Lines of the statement" })).toBeVisible();
  await expectAccessible(page);
});

test("axe finds nothing on a dispute and its case, from opening to ruling", async ({ page, context }) => {
  test.slow();
  const address = `/deals/${await deal("FINALIZED", "DELIVERED")}/dispute`;
  const route = "/deals/[dealId]/dispute";
  await signInAs(context, "buyer");
  await open(page, route, address);
  await expectAccessible(page);
  await page.getByLabel("What is wrong?").selectOption("files_differ");
  await page.getByLabel("What happened?").fill("One of the files has another digest than the contract says.");
  await page.getByRole("button", { name: "Open the dispute" }).click();
  await expect(page.getByText("The deal is frozen.")).toBeVisible();
  await expectAccessible(page);
  await open(page, "/deals/[dealId]", address.replace("/dispute", ""));
  await expectAccessible(page);

  await signInAs(context, "moderator");
  const id = await firstOf(`SELECT id AS found FROM "Dispute" WHERE "dealId" = $1`, address.split("/")[2]);
  await open(page, "/moderation", "/moderation");
  await expectAccessible(page);
  await open(page, "/moderation/cases/[disputeId]", `/moderation/cases/${id}`);
  await expectAccessible(page);
  await page.getByLabel("Refund everything to the buyer").check();
  await page.getByLabel("Reason, from the evidence").fill("The digests differ, as the buyer says.");
  await page.getByRole("button", { name: "Rule and move the money" }).click();
  await expect(page.getByRole("heading", { name: "The ruling" })).toBeVisible();
  await expectAccessible(page);

  await signInAs(context, "seller");
  await open(page, route, address);
  await expectAccessible(page);
});

test("axe finds nothing on a report, the decision that follows and its appeal", async ({ page, context }) => {
  test.slow();
  const handle = `reported-${randomUUID().slice(0, 8)}`;
  const email = `${handle}@example.org`;
  await database().query(
    `INSERT INTO "Account" (id, email, "emailVerifiedAt", "passwordHash", handle, "displayName")
     VALUES ($1, $2, now(), 'no password opens this', $3, 'Reported House')`,
    [randomUUID(), email, handle],
  );
  await open(page, "/report", `/report?about=/people/${handle}`);
  await page.getByLabel("What is it about?").selectOption("impersonation");
  await page.getByLabel("What is wrong?").fill("This is not the house it says it is.");
  await page.getByRole("button", { name: "Send the report" }).click();
  await expect(page.getByRole("status").first()).toBeVisible();
  await expectAccessible(page);

  await signInAs(context, "moderator");
  const subject = await firstOf(`SELECT id AS found FROM "ReportedSubject" WHERE name = $1`, handle);
  await open(page, "/moderation/reported/[subjectId]", `/moderation/reported/${subject}`);
  await expectAccessible(page);
  const report = await firstOf(`SELECT id AS found FROM "Report" WHERE "subjectId" = $1`, subject);
  await open(page, "/moderation/reports/[reportId]", `/moderation/reports/${report}`);
  await expectAccessible(page);
  await page.getByLabel("Reason the account holder reads").fill("You pose as a house that you are not.");
  await page.getByRole("button", { name: "Suspend the account" }).click();
  const sanction = () =>
    firstOf(
      `SELECT s.id AS found FROM "Sanction" s JOIN "Account" a ON a.id = s."accountId" WHERE a.handle = $1`,
      handle,
    );
  await expect(sanction).toPass();
  await open(page, "/moderation", "/moderation");
  await expectAccessible(page);

  await context.clearCookies();
  const appeal = `/appeals/${await sanction()}`;
  await open(page, "/appeals/[sanctionId]", appeal);
  await expectAccessible(page);
  await page
    .getByLabel("Why should this be decided differently?")
    .fill("The house is mine, here is its register.");
  await page.getByRole("button", { name: "File the appeal" }).click();
  await expect(page.getByText("The house is mine, here is its register.")).toBeVisible();
  await expectAccessible(page);
  await signInAs(context, "moderator");
  await open(page, "/appeals/[sanctionId]", appeal);
  await expectAccessible(page);
});
