import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openMarket } from "@/lib/launch/market-under-test.mjs";
import { demoModels } from "@/prisma/seed/models/catalogue";
import type { DemoModel } from "@/prisma/seed/models/demo-model";
import { Comparison } from "./comparison.fixture";
import { recountOf } from "./recount.fixture";
import { compare } from "./recounted-documents.fixture";
import { freshRows, type Held, heldRows } from "./second-rows.fixture";
import { type Detail, type Documents, evaluationIds, type Run } from "./served-documents.fixture";

/**
 * Every figure that the demo market shows, recomputed from the committed rows by a second implementation: in the signed
 * statements, the API, the slices as CSV, the passport and the pages. `--open` asks the market that APP_ORIGIN names.
 */

const isOpen = process.argv.includes("--open");
const scratch = await mkdtemp(path.join(tmpdir(), "offcut-recount-"));
const market = isOpen ? null : await openMarket(path.join(scratch, "market"));
const origin = market?.env["APP_ORIGIN"] ?? process.env["APP_ORIGIN"] ?? "";

async function read(address: string): Promise<string> {
  const answer = await fetch(`${origin}${address}`);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}.`);
  return answer.text();
}

const readJson = async <T>(address: string) => JSON.parse(await read(address)) as T;

/** What a reader sees of a page, and the words that stand for pictures. */
async function readPage(address: string): Promise<string> {
  const names = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" } as Record<string, string>;
  const page = await read(address);
  return page
    .replace(/<(script|style)\b.*?<\/\1>/gs, "")
    .replace(/<[^>]*?\baria-label="([^"]*)"[^>]*>/g, " $1 ")
    .replace(/<!-- -->/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => names[name] ?? "")
    .replace(/\s+/g, " ");
}

type Attestation = { predicateType?: string; envelope: { payload: string } };
type Row = { slug: string; title: string; envelope: Documents["row"]["envelope"] };

async function documentsOf(model: DemoModel, row: Row): Promise<Documents> {
  const { slug, title } = row;
  const { attestations } = await readJson<{ attestations: Attestation[] }>(
    `/api/v1/listings/${slug}/attestations`,
  );
  const statements = attestations.map(
    ({ envelope }) =>
      JSON.parse(Buffer.from(envelope.payload, "base64").toString()) as {
        predicateType: string;
        predicate: Run["statement"];
      },
  );
  const runs: Run[] = [];
  for (const { predicateType, predicate } of statements)
    if (predicateType.endsWith("/evaluation/v1"))
      runs.push({ statement: predicate, recount: recountOf(await rowsOf(model, predicate), predicate) });
  const { components } = await readJson<{ components: Documents["passport"][] }>(
    `/listings/${slug}/passport.cdx.json`,
  );
  const [passport] = components;
  if (!passport) throw new Error(`The passport of ${slug} is about nothing.`);
  const ids = evaluationIds(passport);
  const each = async (get: (id: string) => Promise<string>) =>
    new Map(await Promise.all(ids.map(async (id) => [id, await get(id)] as const)));
  return {
    slug,
    row,
    runs,
    passport,
    detail: await readJson<Detail>(`/api/v1/listings/${slug}`),
    csv: await each((id) => read(`/api/v1/evaluations/${id}/slices`)),
    pages: {
      evaluations: await each((id) => readPage(`/evaluations/${id}`)),
      listing: await readPage(`/listings/${slug}`),
      browse: await readPage(`/?q=${encodeURIComponent(title)}`),
      compare: await readPage(`/compare?c=${slug}`),
    },
  };
}

/** The rows that a statement is about: a committed file, one year of it, or games that are drawn anew. */
async function rowsOf(model: DemoModel, { dataSet }: Run["statement"]): Promise<Held[]> {
  if (dataSet.name.startsWith("Fresh connect-four")) return freshRows(model.slug, dataSet.n, model.columns);
  const rows = await heldRows(
    model.slug,
    dataSet.use === "discovery" ? "discovery" : "attestation",
    model.columns,
  );
  const year = Number(/, (\d{4})$/.exec(dataSet.name)?.[1]);
  return rows.length === dataSet.n ? rows : rows.filter((row) => row.year === year);
}

/** One more right answer in a document of each kind, which has to be found. */
function planted(documents: Documents): Documents[] {
  const changed = (change: (copy: Documents) => void) => {
    const copy = structuredClone(documents);
    change(copy);
    return copy;
  };
  return [
    changed(
      ({ runs: [run] }) => run && (run.statement.overall["k"] = Number(run.statement.overall["k"]) + 1),
    ),
    changed(
      ({
        detail: {
          envelope: [cell],
        },
      }) => cell && (cell["k"] = Number(cell["k"]) + 1),
    ),
    changed(
      ({
        row: {
          envelope: [cell],
        },
      }) => cell && (cell["value"] = Number(cell["value"]) + 0.001),
    ),
    changed(({ csv }) =>
      csv.forEach((text, id) =>
        csv.set(
          id,
          text.replace(
            /^(all rows|,all rows),(.*?),(\d+),(\d*),(\d+),/m,
            (_, name: string, some: string, n: string, clusters: string, k: string) =>
              `${name},${some},${n},${clusters},${Number(k) + 1},`,
          ),
        ),
      ),
    ),
    changed(({ pages }) => (pages.listing = pages.listing.replace(/(\d+\.\d) – (\d+\.\d)/, "0.3 – $2"))),
  ];
}

type Told = { attack: string; limit: string; measured: number; within: boolean };
const tell = (row: Told) => console.log(JSON.stringify(row));

async function recountMarket(): Promise<boolean> {
  const { listings } = await readJson<{ listings: Row[] }>("/api/v1/listings?limit=50");
  const comparison = new Comparison();
  let found = 0;
  let plants = 0;
  for (const model of demoModels) {
    if (model.runtime !== "onnx" && model.runtime !== "cld3") {
      console.log(
        `${model.title}: not recounted, because its files run by a library that is not asked a second time here`,
      );
      continue;
    }
    const row = listings.find(({ title }) => title === model.title);
    if (!row) throw new Error(`${model.title} is not listed.`);
    const documents = await documentsOf(model, row);
    const before = comparison.differences.length;
    compare(documents, comparison);
    const clean = comparison.differences.length - before;
    for (const plant of planted(documents)) {
      const self = new Comparison();
      compare(plant, self);
      plants += 1;
      if (self.differences.length > clean) found += 1;
    }
    console.log(`${model.title}: ${documents.runs.length} runs, ${clean} differences`);
  }
  for (const difference of comparison.differences.slice(0, 100)) console.log(difference);
  for (const [kind, count] of comparison.compared) {
    const measured = comparison.differences.filter((difference) => difference.startsWith(`${kind}, `)).length;
    tell({
      attack: `${count} figures recounted: ${kind}`,
      limit: "0 differences",
      measured,
      within: measured === 0,
    });
  }
  tell({
    attack: "figures planted wrong that are found",
    limit: `${plants} of ${plants}`,
    measured: found,
    within: found === plants,
  });
  return comparison.differences.length === 0 && found === plants;
}

let isFine = false;
try {
  isFine = await recountMarket();
} finally {
  await market?.end();
  await rm(scratch, { recursive: true, force: true });
}
process.exit(isFine ? 0 : 1);
