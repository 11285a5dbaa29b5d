import "server-only";
import { createReadStream, readFileSync, readdirSync } from "node:fs";
import { createHash } from "node:crypto";
import path from "node:path";
import type { Actor } from "@/lib/accounts/actor";
import { type MarkedText, MARKED_TEXT_VERSION, readMarkedText } from "@/lib/catalogue/marked-text";
import { publishListing } from "@/lib/catalogue/commands/publish-listing";
import { storeFile } from "@/lib/catalogue/commands/store-file";
import { limitationSchema } from "@/lib/catalogue/limitation";
import type { PartName } from "@/lib/catalogue/part";
import { findOwnFile } from "@/lib/catalogue/queries/stored-files";
import { getVersion } from "@/lib/catalogue/queries/listings";
import { type MeasuredRun, recordPlatformEvaluation, recordRun } from "@/lib/evidence/commands/record-run";
import { type EvaluationSummary, summariseEvaluation } from "@/lib/measurement/evaluation";
import { draftLimitations } from "@/lib/measurement/limitation-draft";
import { recordAudit } from "@/lib/platform/audit";
import { db, inTransaction } from "@/lib/platform/db";
import { MODEL_LISTED } from "./seeded-models";
import { signAsHouse, stateDemoClaims } from "./demo-claims";
import { demoListing, type StoredPart } from "./demo-listing";
import { type DemoRun, runDemoModel } from "./demo-runs";
import type { DemoModel } from "./models/demo-model";
import { demoContract, listDemoFiles } from "./models/evaluate";
import { cardOf } from "./models/write-cards";
import { rowFilePath } from "./models/training/fit";

export type DemoPeople = {
  seller: Actor;
  /** The seller is a demo house, whose key this installation holds. */
  isHouse: boolean;
  evaluator: Actor;
  /** Display name → account of everybody in the demo. */
  accounts: ReadonlyMap<string, string>;
};

/**
 * Runs a demo model for real and lists it with what came out, all in one transaction: files, listing, evaluations,
 * envelopes and the mark that it is done. Returns what was measured, for the person who watches.
 */
export async function seedModel(model: DemoModel, people: DemoPeople): Promise<string> {
  const runs = await runDemoModel(model);
  const files: StoredPart[] = [];
  for (const file of filesOf(model)) files.push(await storeOnce(people.seller, file));
  const summary = widestSummary(model, runs);
  const card = await cardOfModel(model, summary);
  await inTransaction(async (tx) => {
    const listing = demoListing(model, {
      contact: `${people.seller.handle}@demo.offcut.test`,
      sellerName: people.seller.displayName,
      card,
      files,
      run: await demoContract(model),
      accounts: people.accounts,
      measured: draftLimitations(summary).map((draft) => limitationSchema.parse(draft)),
    });
    const { listingId, versionId } = await publishListing(tx, {
      ...listing,
      words: ownWords(listing.description ?? ""),
      sellerId: people.seller.accountId,
      isDemo: true,
    });
    const { modelDigest } = await getVersion(versionId, tx);
    for (const { by, ...run } of runs) {
      const measured: MeasuredRun = { ...run, listingId, modelDigest };
      if (by === "platform") await recordPlatformEvaluation(tx, measured);
      else await recordRun(tx, measured, await demoSigner(by, people));
    }
    await stateDemoClaims(tx, listingId, people.seller, people.isHouse);
    await recordAudit(tx, {
      actorId: null,
      action: MODEL_LISTED,
      subject: ["demo_model", model.slug],
      details: { listingId },
    });
  });
  return sentenceOf(runs);
}

/** Our own words need no reader apart. */
function ownWords(source: string): MarkedText {
  const read = readMarkedText(source);
  if ("refusal" in read) throw new Error(read.refusal);
  return { source, version: MARKED_TEXT_VERSION, nodes: read.nodes };
}

/** Of the run with the most rows: the one a listing is judged by. */
function widestSummary({ slug, declaredLevel }: DemoModel, runs: readonly DemoRun[]): EvaluationSummary {
  const widest = runs.toSorted((a, b) => b.rows.length - a.rows.length)[0];
  if (!widest) throw new RangeError(`${slug} was not run.`);
  return summariseEvaluation(widest.rows, widest.slices, Number(declaredLevel));
}

/** As it is committed with the files; of an endpoint, which has none, as the run writes it. */
async function cardOfModel(model: DemoModel, summary: EvaluationSummary): Promise<string> {
  if (model.runtime === "endpoint") return cardOf(model, summary, (await demoContract(model)).runtime);
  return readFileSync(listDemoFiles(model).find((file) => file.path === "README.md")!.location, "utf8");
}

type SourceFile = { path: string; location: string; part: PartName };

/** The files that run, with the card, belong to the weights; rows are sold as parts of their own, with what their licences ask to go with them. */
function filesOf(model: DemoModel): SourceFile[] {
  const sold = new Set(model.parts.map(({ part }) => part));
  const own = listDemoFiles(model).map(({ path, location }) => ({
    path,
    location,
    part: "weights" as const,
  }));
  const rows = (split: "training" | "discovery", part: PartName): SourceFile[] => {
    if (!sold.has(part)) return [];
    const location = rowFilePath(model.slug, split);
    const notices = readdirSync(path.dirname(location)).filter((name) => !name.endsWith(".gz"));
    return [
      { path: `rows/${split}.jsonl.gz`, location, part },
      ...notices.map((name) => ({
        path: `rows/${name}`,
        location: path.join(path.dirname(location), name),
        part,
      })),
    ];
  };
  return [...own, ...rows("training", "training_data"), ...rows("discovery", "evaluation_records")];
}

/** A file that an interrupted seeding stored already is not stored again. */
async function storeOnce(owner: Actor, { path, location, part }: SourceFile): Promise<StoredPart> {
  const sha256 = createHash("sha256").update(readFileSync(location)).digest("hex");
  const known = await findOwnFile(db, owner.accountId, sha256);
  const file = known ?? (await storeFile(owner, createReadStream(location), { name: path }));
  return { storedFileId: file.id, part, path };
}

async function demoSigner(role: "seller" | "third_party", people: DemoPeople) {
  const actor = role === "seller" ? people.seller : people.evaluator;
  return { role, accountId: actor.accountId, sign: await signAsHouse(actor) };
}

function sentenceOf(runs: readonly DemoRun[]): string {
  const rows = runs.reduce((sum, run) => sum + run.rows.length, 0);
  const right = runs
    .flatMap((run) => run.rows)
    .filter(({ label, prediction }) => label === prediction).length;
  return `${right.toLocaleString("en")} of ${rows.toLocaleString("en")} answers right in ${runs.length} run${runs.length === 1 ? "" : "s"}`;
}
