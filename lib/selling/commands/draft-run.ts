import "server-only";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { checkEndpointUrl } from "@/lib/catalogue/endpoint-url";
import { askedInput } from "@/lib/inference/asked-input";
import { checkDeterminism } from "@/lib/inference/commands/check-determinism";
import { draftedEndpoint } from "@/lib/inference/edit-endpoint";
import { editContract } from "@/lib/inference/edit-contract";
import type { ModelInput } from "@/lib/inference/model-input";
import { answeredBy } from "@/lib/inference/row-answer";
import { type RunContract, contractDigest } from "@/lib/inference/run-contract";
import { currentTime } from "@/lib/platform/clock";
import { demoSellerOrigin } from "@/lib/platform/egress";
import { db, inTransaction } from "@/lib/platform/db";
import { readApart } from "@/lib/platform/reading";
import { DomainError, notFoundError } from "@/lib/shared/domain-error";
import { type DryRun, readDryRows, shownInput } from "../dry-run";
import type { dryRunInput, writeRunInput } from "../schemas";
import { endpointOf, knownFiles, runOfDraft, weightsOf } from "./draft-bundle";
import { lockOwnDraft } from "./edit-draft";
import { type ReadingOutcome, isStillReading, readPatiently } from "./read-patiently";
import { findSelfDescribed } from "./runnable-model";

const ANSWER_SECONDS = 60;

/**
 * Looks into a draft's weights, or at the address of its endpoint, for how they are run and keeps what they say, for the
 * seller to write into and to see it run. Throws `not_runnable` with the reason, and what `readApart` throws.
 */
export async function draftRun(actor: Actor, { draftId }: { draftId: string }): Promise<{ message: string }> {
  const { draft, files } = await ownDraft(actor, draftId);
  const endpoint = files.length === 0 ? endpointOf(draft) : null;
  if (endpoint !== null) {
    await keepContract(actor, draftId, askedAt(endpoint, runOfDraft(draft, []).contract));
    return { message: "This is how it would be asked. Write how your server is asked, then see it answer." };
  }
  const contract = (await statedByItself(files)) ?? (await draftedApart(actor, files));
  await keepContract(actor, draftId, contract);
  return { message: "This is what the files say. Write what they do not, then see it run." };
}

/** What was said of another address stays said. Throws `not_runnable` for an address that is not called. */
function askedAt(url: string, said: RunContract | null): RunContract {
  const refusal = checkEndpointUrl(url, demoSellerOrigin());
  if (refusal !== null) throw new DomainError("not_runnable", refusal);
  return said?.endpoint ? { ...said, endpoint: { ...said.endpoint, url } } : draftedEndpoint(url);
}

/** Writes what only the seller knows into the contract. What was seen to run before no longer stands for it. */
export async function writeRun(
  actor: Actor,
  { draftId, ...typed }: z.infer<typeof writeRunInput>,
): Promise<{ message: string }> {
  const { draft } = await ownDraft(actor, draftId);
  const { contract } = runOfDraft(draft, []);
  if (!contract) throw new DomainError("not_runnable", "See first how it would be run.");
  const edited = editContract(contract, typed);
  if ("wrong" in edited)
    throw new DomainError("invalid_input", "Some answers need another look.", edited.wrong);
  await keepContract(actor, draftId, edited.contract);
  return { message: "Kept. See it run on a few rows." };
}

/**
 * Runs up to five rows by the contract, apart from everything and by two processes, and keeps the answers with the draft, and
 * in the contract what the two differed in. Where that takes longer
 * than ten seconds it goes on after the answer: see `readPatiently`. Throws `not_runnable`, `invalid_input` for the rows, and
 * what `openModel` throws.
 */
export async function dryRunDraft(
  actor: Actor,
  { draftId, rows, files: sent }: z.infer<typeof dryRunInput>,
): Promise<{ redirectTo: string } | { message: string }> {
  const { draft, files } = await ownDraft(actor, draftId);
  const weights = await weightsOf(files);
  const { contract, now } = runOfDraft(draft, weights);
  if (!contract || !now) throw new DomainError("not_runnable", "See first how it would be run.");
  const bytes = await Promise.all(
    sent.filter(({ size }) => size > 0).map(async (file) => new Uint8Array(await file.arrayBuffer())),
  );
  const read = readDryRows(askedInput(contract), { rows, files: bytes });
  if ("wrong" in read) throw new DomainError("invalid_input", read.wrong, { rows: read.wrong });
  const work = async (): Promise<ReadingOutcome> => {
    const checked = await checkDeterminism(
      { files: weights, contract, isForeign: true },
      read.inputs,
      ANSWER_SECONDS,
    );
    const told = read.inputs.map((input, at) =>
      answerOf(contract, input, checked.answers[at] ?? { refused: "No answer." }),
    );
    const { isolation, milliseconds } = checked;
    const at = (await currentTime()).toISOString();
    await keepDryRun(actor, draftId, contract, {
      contract: checked.contract,
      filesSha256: now.filesSha256,
      ran: { at, isolation, milliseconds, answers: told },
    });
    const isOther = checked.contract !== contract;
    const changed = isOther ? " Two runs differed: the contract now says how far." : "";
    return { message: `It ran. Check the answers.${changed}`, location: `/sell/${draftId}#run` };
  };
  const done = await readPatiently(actor, "The model", work);
  // A way to the page that asks would not draw it anew.
  return isStillReading(done)
    ? { redirectTo: `/sell/readings/${done.readingId}` }
    : { message: done.message };
}

function answerOf(contract: RunContract, input: ModelInput, answer: Parameters<typeof answeredBy>[0]) {
  const { prediction, confidence } = answeredBy(answer, contract);
  const refused = answer.refused ?? null;
  return { input: shownInput(input), prediction, confidence: confidence ?? null, refused };
}

async function ownDraft(actor: Actor, draftId: string) {
  const draft = await db.listingDraft.findFirst({
    where: { id: draftId, ownerId: actor.accountId, closedAt: null },
    include: { files: { orderBy: { path: "asc" } } },
  });
  if (!draft) throw notFoundError("draft");
  return { draft, files: draft.files };
}

type Files = Awaited<ReturnType<typeof ownDraft>>["files"];

/** A network that describes itself, by the path that it has here. */
async function statedByItself(files: Files): Promise<RunContract | null> {
  const model = await findSelfDescribed(files);
  if ("reason" in model) return null;
  const weights = await weightsOf(files);
  const entry = weights.find(({ sha256 }) => sha256 === model.sha256)?.path;
  return entry === undefined ? null : { ...model.contract, entry };
}

async function draftedApart(actor: Actor, files: Files): Promise<RunContract> {
  const known = await knownFiles(actor, files);
  const about = { accountId: actor.accountId, called: "What the files say" };
  const drafted = await readApart("contract", known, about);
  if ("reason" in drafted) throw new DomainError("not_runnable", drafted.reason);
  return drafted.contract;
}

async function keepContract(actor: Actor, draftId: string, runContract: RunContract): Promise<void> {
  await inTransaction(async (tx) => {
    await lockOwnDraft(tx, actor, draftId);
    await tx.listingDraft.update({ where: { id: draftId }, data: { runContract } });
  });
}

type Seen = { contract: RunContract } & Pick<DryRun, "filesSha256" | "ran">;

/** With the contract that was found by running, unless its seller wrote into it meanwhile. */
async function keepDryRun(
  actor: Actor,
  draftId: string,
  asked: RunContract,
  { contract, ...seen }: Seen,
): Promise<void> {
  await inTransaction(async (tx) => {
    const draft = await lockOwnDraft(tx, actor, draftId);
    const { contract: current } = runOfDraft(draft, []);
    const isSame = current !== null && contractDigest(current) === contractDigest(asked);
    const dryRun = { ...seen, contractSha256: contractDigest(contract) } satisfies DryRun;
    const data = isSame ? { dryRun, runContract: contract } : { dryRun };
    await tx.listingDraft.update({ where: { id: draftId }, data });
  });
}
