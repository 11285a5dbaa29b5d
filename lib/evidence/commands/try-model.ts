import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import type { Client } from "@/lib/accounts/client";
import { countTrial } from "@/lib/accounts/commands/attempts";
import { originText } from "@/lib/catalogue/cost-text";
import { type ListingView, findListing } from "@/lib/catalogue/queries/find-listing";
import { type AskedInput, type ReadInput, askedInput } from "@/lib/inference/asked-input";
import { bundleOfVersion } from "@/lib/inference/commands/stored-bundle";
import { type Bundle, openModel } from "@/lib/inference/commands/open-model";
import { type SingleAnswer, answerOnce } from "@/lib/inference/commands/warm-models";
import type { ModelInput } from "@/lib/inference/model-input";
import { type RowAnswer, answeredBy } from "@/lib/inference/row-answer";
import type { RunContract } from "@/lib/inference/run-contract";
import { inputColumnsOf } from "@/lib/measurement/input-columns";
import { columnValues } from "@/lib/measurement/slice";
import { DEFAULT_VOLUME } from "@/lib/measurement/volume";
import { DomainError, notFoundError } from "@/lib/shared/domain-error";
import { knownAbout } from "../known-about";
import { computeRate, findFigures } from "../queries/leading-evaluation";
import type { TrialView } from "../trial-view";

const MILLISECONDS_PER_HOUR = 3_600_000;

/** One input to try: read by what the model is asked with, and what its bearer told of it, by column. */
export type Trial = {
  slug: string;
  read: (asked: AskedInput) => ReadInput;
  told: Readonly<Record<string, string>>;
};

/**
 * One answer of a listed model to one input, and what its record says of inputs like it. Nothing of the input or the answer
 * is kept. Throws `not_found`, `not_run_here` with the reason, `invalid_input` by field, `too_many_attempts` (30 a minute and
 * 600 an hour for an account or a client; clients whose address is unknown share 300 and 6,000), and what `answerOnce` throws.
 */
export async function tryModel(
  actor: Actor | null,
  { slug, read, told }: Trial,
  { ip }: Pick<Client, "ip">,
): Promise<TrialView> {
  const listing = await findListing(actor, slug);
  if (!listing || listing.kind === "taken_down") throw notFoundError("listing");
  const bundle = await bundleOfVersion(listing.version.id);
  if ("reason" in bundle) throw new DomainError("not_run_here", bundle.reason);
  const found = read(askedInput(bundle.contract));
  if ("wrong" in found)
    throw new DomainError("invalid_input", "The model cannot be asked this yet.", found.wrong);
  await countTrial(actor?.accountId ?? null, ip);
  const { id } = listing.version;
  const asker = actor?.accountId ?? ip ?? "unknown";
  const { input } = found;
  // What its seller serves needs no process of ours, and must not keep one from others.
  const answered = bundle.contract.endpoint
    ? await askedOnce(bundle, input)
    : await answerOnce(id, async () => bundle, input, asker);
  return viewOf({ listing, contract: bundle.contract, input, told, ...answered });
}

const ENDPOINT_SECONDS = 20;

async function askedOnce(bundle: Bundle, input: ModelInput): Promise<SingleAnswer> {
  const model = await openModel(bundle);
  const { answers, computeMilliseconds } = await model.answer([input], ENDPOINT_SECONDS);
  return { answer: answers[0] ?? {}, milliseconds: computeMilliseconds };
}

type Tried = {
  listing: ListingView;
  contract: RunContract;
  input: ModelInput;
  answer: RowAnswer;
  milliseconds: number;
  told: Trial["told"];
};

async function viewOf(tried: Tried): Promise<TrialView> {
  const { contract, input, answer, milliseconds } = tried;
  const { prediction, confidence } = answeredBy(answer, contract);
  const computeMinor = (milliseconds * 1000 * Number(computeRate())) / MILLISECONDS_PER_HOUR;
  return {
    answer: {
      prediction,
      confidence: confidence ?? null,
      scores: answer.scores ?? [],
      refused: answer.refused ?? null,
    },
    milliseconds,
    isServed: contract.endpoint !== null,
    computePerThousandMilli: String(Math.ceil(computeMinor * 1000)),
    prompt: contract.prompt && input.kind === "text" ? promptOf(contract.prompt.template, input.text) : null,
    record: answer.refused === undefined ? await recordOf(tried, prediction, confidence) : null,
  };
}

async function recordOf(
  { listing, input, answer, told }: Tried,
  prediction: string,
  confidence: number | undefined,
): Promise<TrialView["record"]> {
  const { leading } = await findFigures(listing, { level: null, volume: DEFAULT_VOLUME });
  if (!leading) return null;
  const columns = new Map([...columnValues(Object.entries(told)), ...inputColumnsOf(input, answer.seen)]);
  const { within, undecided } = knownAbout(leading.cells, {
    columns,
    prediction,
    ...(confidence === undefined ? {} : { confidence }),
  });
  return {
    level: leading.level,
    origin: originText({ ...leading, at: leading.finishedAt }),
    within,
    undecided: undecided.map(({ slice, name }) => ({ slice, name })),
  };
}

function promptOf(template: string, text: string): string {
  return template.replaceAll("{{input}}", () => text);
}
