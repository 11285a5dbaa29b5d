import "server-only";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import type { Client } from "@/lib/accounts/client";
import { countTrial } from "@/lib/accounts/commands/attempts";
import { originText } from "@/lib/catalogue/cost-text";
import type { EnvelopeCell } from "@/lib/catalogue/standing";
import { type ListingView, findListing } from "@/lib/catalogue/queries/find-listing";
import { askedInput, readInput } from "@/lib/inference/asked-input";
import { bundleOfVersion } from "@/lib/inference/commands/stored-bundle";
import { answerOnce } from "@/lib/inference/commands/warm-models";
import type { ModelInput } from "@/lib/inference/model-input";
import { type RowAnswer, answeredBy } from "@/lib/inference/row-answer";
import type { RunContract } from "@/lib/inference/run-contract";
import { bearerField } from "@/lib/inference/trial-fields";
import { comparedValue } from "@/lib/measurement/condition";
import { inputColumnsOf } from "@/lib/measurement/input-columns";
import { DEFAULT_VOLUME } from "@/lib/measurement/volume";
import { DomainError, notFoundError } from "@/lib/shared/domain-error";
import { askedOfBearer, knownAbout } from "../known-about";
import { computeRate, findFigures } from "../queries/leading-evaluation";
import type { TrialSchema } from "../schemas";
import type { TrialView } from "../trial-view";

const MILLISECONDS_PER_HOUR = 3_600_000;

/**
 * One answer of a listed model to one input, and what its record says of inputs like it. Nothing of the input or the answer
 * is kept. Throws `not_found`, `not_run_here` with the reason, `invalid_input` by field, `too_many_attempts` (30 a minute and
 * 600 an hour for an account or a client; clients whose address is unknown share 300 and 6,000), and what `answerOnce` throws.
 */
export async function tryModel(
  actor: Actor | null,
  input: z.infer<TrialSchema>,
  client: Pick<Client, "ip">,
): Promise<TrialView> {
  const { slug, file, ...texts } = input;
  const listing = await findListing(actor, slug);
  if (!listing || listing.kind === "taken_down") throw notFoundError("listing");
  const bundle = await bundleOfVersion(listing.version.id);
  if ("reason" in bundle) throw new DomainError("not_run_here", bundle.reason);
  const bytes = file ? new Uint8Array(await file.arrayBuffer()) : null;
  const read = readInput(askedInput(bundle.contract), { texts, file: bytes });
  if ("wrong" in read)
    throw new DomainError("invalid_input", "The model cannot be asked this yet.", read.wrong);
  await countTrial(actor?.accountId ?? null, client.ip);
  const asker = actor?.accountId ?? client.ip ?? "unknown";
  const { answer, milliseconds } = await answerOnce(
    listing.version.id,
    async () => bundle,
    read.input,
    asker,
  );
  return viewOf({ listing, contract: bundle.contract, input: read.input, answer, milliseconds, texts });
}

type Tried = {
  listing: ListingView;
  contract: RunContract;
  input: ModelInput;
  answer: RowAnswer;
  milliseconds: number;
  texts: Readonly<Record<string, string>>;
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
    computePerThousandMilli: String(Math.ceil(computeMinor * 1000)),
    prompt: contract.prompt && input.kind === "text" ? promptOf(contract.prompt.template, input.text) : null,
    record: answer.refused === undefined ? await recordOf(tried, prediction, confidence) : null,
  };
}

async function recordOf(
  { listing, input, answer, texts }: Tried,
  prediction: string,
  confidence: number | undefined,
): Promise<TrialView["record"]> {
  const { leading } = await findFigures(listing, { level: null, volume: DEFAULT_VOLUME });
  if (!leading) return null;
  const columns = new Map([...toldColumns(leading.cells, texts), ...inputColumnsOf(input, answer.seen)]);
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

/** What the visitor told of the input, as far as slices ask for it. */
function toldColumns(
  cells: readonly EnvelopeCell[],
  texts: Readonly<Record<string, string>>,
): [column: string, value: string][] {
  return askedOfBearer(cells, []).flatMap(({ column }, at): [string, string][] => {
    const told = texts[bearerField(at)] ?? "";
    return told === "" ? [] : [[column, comparedValue(told)]];
  });
}

function promptOf(template: string, text: string): string {
  return template.replaceAll("{{input}}", () => text);
}
