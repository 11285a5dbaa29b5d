import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import { findListing } from "@/lib/catalogue/queries/find-listing";
import { findRunContract } from "@/lib/catalogue/queries/run-contracts";
import { type AskedInput, askedInput } from "@/lib/inference/asked-input";
import { runContractSchema } from "@/lib/inference/run-contract";
import { DEFAULT_VOLUME } from "@/lib/measurement/volume";
import { type AskedOfBearer, askedOfBearer } from "../known-about";
import { findFigures } from "./leading-evaluation";

export type TrialDesk = {
  title: string;
  slug: string;
  currency: string;
  /** What is asked, or why this listing cannot be tried. */
  asked: AskedInput | { reason: string };
  /** Whose server an input is sent to; null where it is answered here. */
  sentTo: string | null;
  /** What only the visitor knows of an input, and slices depend on. */
  bearer: AskedOfBearer[];
};

/** What somebody is asked for to try a listing; null where there is none to be seen. */
export async function findTrialDesk(actor: Actor | null, slug: string): Promise<TrialDesk | null> {
  const listing = await findListing(actor, slug);
  if (!listing || listing.kind === "taken_down") return null;
  const { title, currency } = listing;
  const stored = await findRunContract(listing.version.id);
  if (stored === null) {
    const reason = "Its seller has not said how it is run, so it cannot be tried here.";
    return { title, slug, currency, asked: { reason }, sentTo: null, bearer: [] };
  }
  const contract = runContractSchema.parse(stored);
  const asked = askedInput(contract);
  const sentTo = contract.endpoint && new URL(contract.endpoint.url).host;
  const { leading } = await findFigures(listing, { level: null, volume: DEFAULT_VOLUME });
  const fields = asked.kind === "fields" ? asked.fields.map(({ name }) => name) : [];
  return { title, slug, currency, asked, sentTo, bearer: askedOfBearer(leading?.cells ?? [], fields) };
}
