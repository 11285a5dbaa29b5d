import { randomUUID } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { race } from "@/lib/accounts/person.fixture";
import { makeAccount, makeListing } from "@/lib/deals/deal.fixture";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { countStatements } from "@/lib/platform/statements.fixture";
import { listAuditEvents } from "../queries/disputes";
import { findReport, findReported, listReported } from "../queries/reports";
import { fileReport, resolveReport, resolveReports } from "./report";

const RESOLUTION = "A reason that is long enough.";
const KEPT = "Thank you. A moderator will read this.";
const STANDS = "You have reported exactly this already. The first report stands.";

let moderator: Awaited<ReturnType<typeof makeAccount>>;

beforeAll(async () => {
  await openInstallation();
  moderator = await makeAccount(["moderator"]);
});

let networks = 0;
const somebodyElse = () => ({ ip: `192.0.2.${(networks += 1)}` });
const somePage = () => `/glossary/${randomUUID()}`;
const report = (about: string, body = `Something is wrong: ${randomUUID()}`) => ({
  ...{ about, body },
  reason: "other" as const,
});

async function subjectOf(about: string): Promise<string> {
  return (await db.reportedSubject.findFirstOrThrow({ where: { name: about } })).id;
}

/** Reports by people whose limits are not the matter, straight into the table. */
async function addReports(about: string, count: number): Promise<string> {
  const { id } = await db.reportedSubject.create({ data: { kind: "page", name: about } });
  const reasons = ["other", "spam", "spam"];
  await db.report.createMany({
    data: Array.from({ length: count }, (_, index) => ({
      ...{ subjectId: id, pageUrl: about, body: `Report ${index}`, reason: reasons[index % 3] ?? "other" },
      createdAt: new Date(Date.UTC(2020, 0, 1) + index * 1000),
    })),
  });
  return id;
}

test("keeps every report about one thing, and the queue shows that thing once", async () => {
  const about = somePage();
  for (let sender = 0; sender < 60; sender++)
    expect(await fileReport(null, report(about), somebodyElse())).toEqual({ message: KEPT });
  const { subjects } = await listReported(moderator, null);
  const shown = subjects.filter(({ name }) => name === about);
  expect(shown).toMatchObject([{ openCount: 60, reasons: [{ reason: "other", count: 60 }] }]);
  expect(shown[0]?.newest).toHaveLength(2);
});

test("says that a report was not kept, and when to try again, after ten an hour from one client", async () => {
  const sender = somebodyElse();
  const { won, codes } = await race(
    Array.from({ length: 13 }, () => () => fileReport(null, report(somePage()), sender)),
  );
  expect({ won, codes: new Set(codes) }).toEqual({ won: 10, codes: new Set(["report_not_kept"]) });
  const about = somePage();
  await expect(fileReport(null, report(about), sender)).rejects.toMatchObject({
    message: expect.stringMatching(
      /^This report was not kept: .* Try again in \d+ minutes; your text is still/,
    ),
  });
  expect(await db.reportedSubject.count({ where: { name: about } })).toBe(0);
  expect(await fileReport(null, report(about), somebodyElse())).toEqual({ message: KEPT });
});

test("an account sends twenty an hour, wherever it is, and others from there send on", async () => {
  const [account, other] = [await makeAccount(), await makeAccount()];
  const sender = somebodyElse();
  const sends = Array.from({ length: 24 }, () => () => fileReport(account, report(somePage()), sender));
  expect(await race(sends)).toMatchObject({ won: 20 });
  expect(await fileReport(other, report(somePage()), sender)).toEqual({ message: KEPT });
});

test("clients whose address nobody knows share two hundred an hour, and take nothing from the others", async () => {
  const sends = Array.from({ length: 210 }, () => () => fileReport(null, report(somePage()), { ip: null }));
  expect(await race(sends)).toMatchObject({ won: 200 });
  expect(await fileReport(null, report(somePage()), somebodyElse())).toEqual({ message: KEPT });
});

test("the same words by the same sender about the same thing are kept once, also at the same moment", async () => {
  const about = somePage();
  const said = report(about);
  const sender = somebodyElse();
  const answers = await Promise.all([1, 2, 3, 4].map(() => fileReport(null, said, sender)));
  expect(answers.filter(({ message }) => message === KEPT)).toHaveLength(1);
  expect(await fileReport(null, said, sender)).toEqual({ message: STANDS });
  expect(await fileReport(null, said, somebodyElse())).toEqual({ message: KEPT });
  expect(await fileReport(null, report(about), sender)).toEqual({ message: KEPT });
  expect(await db.report.count({ where: { subjectId: await subjectOf(about) } })).toBe(3);
});

test("only moderators read and close reports, and one is closed once", async () => {
  const [stranger, about] = [await makeAccount(), somePage()];
  await fileReport(null, report(about), somebodyElse());
  const subjectId = await subjectOf(about);
  const { id: reportId } = await db.report.findFirstOrThrow({ where: { subjectId } });
  expect((await listReported(stranger, null)).subjects).toEqual([]);
  expect(await findReported(stranger, subjectId, null)).toBeNull();
  expect(await findReport(stranger, reportId)).toBeNull();
  const closing = { reportId, decision: "dismissed" as const, resolution: RESOLUTION };
  await expect(resolveReport(stranger, closing)).rejects.toMatchObject({ code: "not_found" });
  const both = { ...closing, subjectId, seenUntil: new Date().toISOString() };
  await expect(resolveReports(stranger, both)).rejects.toMatchObject({ code: "not_found" });
  const outcome = await race([1, 2].map(() => () => resolveReport(moderator, closing)));
  expect(outcome).toEqual({ won: 1, codes: ["report_closed"] });
  expect(await db.reportedSubject.findUniqueOrThrow({ where: { id: subjectId } })).toMatchObject({
    ...{ openCount: 0, firstOpenAt: null, lastOpenAt: null },
  });
});

test("all reports that were seen are closed with one reason, and what came later stays open", async () => {
  const about = somePage();
  const subjectId = await addReports(about, 7);
  const [one, last] = await db.report
    .findMany({ where: { subjectId }, orderBy: { createdAt: "asc" } })
    .then((rows) => [rows[0], rows.at(-1)]);
  await resolveReport(moderator, { reportId: one?.id ?? "", decision: "upheld", resolution: RESOLUTION });
  await fileReport(null, report(about), somebodyElse());
  const closing = {
    ...{ subjectId, seenUntil: last?.createdAt.toISOString() ?? "" },
    ...{ decision: "dismissed" as const, resolution: RESOLUTION },
  };
  const { message } = await resolveReports(moderator, closing);
  expect(message).toBe("6 reports closed. One report came in meanwhile and stayed open.");
  await expect(resolveReports(moderator, closing)).rejects.toMatchObject({ code: "report_closed" });
  const found = await findReported(moderator, subjectId, null);
  expect(found?.open).toMatchObject({ openCount: 1 });
  expect(found?.open?.firstOpenAt).toEqual(found?.open?.lastOpenAt);
  const [newest] = await listAuditEvents(moderator, null);
  expect(newest).toMatchObject({ action: "reports dismissed", subjectId, reason: RESOLUTION });
});

test("figures stay right while people report and moderators close at the same moment", async () => {
  const about = somePage();
  const subjectId = await addReports(about, 20);
  const open = await db.report.findMany({ where: { subjectId } });
  await Promise.all([
    ...open
      .slice(0, 10)
      .map(({ id: reportId }) =>
        resolveReport(moderator, { reportId, decision: "upheld", resolution: RESOLUTION }),
      ),
    ...Array.from({ length: 10 }, () => fileReport(null, report(about), somebodyElse())),
  ]);
  const rows = await db.report.findMany({
    where: { subjectId, state: "open" },
    orderBy: { createdAt: "asc" },
  });
  expect(await db.reportedSubject.findUniqueOrThrow({ where: { id: subjectId } })).toMatchObject({
    ...{ openCount: 20, firstOpenAt: rows[0]?.createdAt, lastOpenAt: rows.at(-1)?.createdAt },
  });
});

test("the database refuses to change what a report says, to open it again and to delete it", async () => {
  const subjectId = await addReports(somePage(), 1);
  const where = { subjectId };
  await expect(db.report.updateMany({ where, data: { body: "Something else" } })).rejects.toThrow(/stays as/);
  await db.report.updateMany({ where, data: { state: "upheld" } });
  await expect(db.report.updateMany({ where, data: { state: "open" } })).rejects.toThrow(/stays as/);
  await expect(db.report.deleteMany({ where })).rejects.toThrow(/stays as/);
});

test("reading the queue takes as many statements for many as for few, and names what is reported", async () => {
  const read = () => listReported(moderator, null);
  const few = await countStatements(read);
  const reporter = await makeAccount();
  for (let more = 0; more < 4; more++) {
    const seller = await makeAccount();
    const { slug } = await db.listing.findUniqueOrThrow({ where: { id: await makeListing(seller) } });
    for (const about of [`/listings/${slug}`, `/people/${seller.handle}`])
      await fileReport(reporter, report(about), somebodyElse());
  }
  expect(await countStatements(read)).toBe(few);
  // The newest stand last, behind whatever the other tests left open.
  const all = [];
  for (let after = null; ;) {
    const page = await listReported(moderator, after);
    all.push(...page.subjects);
    if (!(after = page.next)) break;
  }
  expect(all.filter(({ listing }) => listing !== null)).toHaveLength(4);
  expect(all.filter(({ account }) => account !== null)).toHaveLength(4);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  expect(all).toHaveLength((await read()).subjectCount);
});

test("ten thousand reports on one thing cost the queue no more statements and no scan of the table", async () => {
  const subjectId = await addReports(somePage(), 10_000);
  await db.$executeRaw`ANALYZE "Report", "ReportedSubject"`;
  const begun = performance.now();
  expect(await countStatements(() => listReported(moderator, null))).toBe(7);
  const milliseconds = performance.now() - begun;
  const plans = await Promise.all([
    db.$queryRaw`EXPLAIN SELECT * FROM "ReportedSubject" WHERE "firstOpenAt" IS NOT NULL
      ORDER BY "firstOpenAt", id LIMIT 21`,
    db.$queryRaw`EXPLAIN SELECT * FROM "Report" WHERE "subjectId" = ${subjectId} AND state = 'open'
      ORDER BY "createdAt" DESC, id DESC LIMIT 26`,
  ]);
  expect(JSON.stringify(plans[1])).toMatch(/Index Scan using \\"Report_subjectId_state_createdAt_id_idx/);
  expect(JSON.stringify(plans)).not.toMatch(/Seq Scan on \\"Report\\"|Sort/);
  expect(milliseconds).toBeLessThan(500);

  const first = await findReported(moderator, subjectId, null);
  expect(first?.open).toMatchObject({ openCount: 10_000 });
  expect(first?.open?.reasons).toEqual([
    { reason: "spam", count: 6666 },
    { reason: "other", count: 3334 },
  ]);
  expect(first?.reports.map(({ body }) => body)).toEqual(
    Array.from({ length: 25 }, (_, index) => `Report ${9999 - index}`),
  );
  const next = await findReported(moderator, subjectId, first?.next ?? null);
  expect(next?.reports[0]?.body).toBe("Report 9974");
});
