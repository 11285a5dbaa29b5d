import { type PartName, partLabels, termText } from "@/lib/catalogue/part";
import type { ListingView, PartView } from "@/lib/catalogue/queries/find-listing";
import { rightLabels, rightNames, type RightChoice } from "@/lib/catalogue/rights";
import { sizeText } from "@/lib/shared/size-text";
import { ButtonLink } from "@/components/ui/button";
import { Facts, Panel } from "@/components/ui/panel";
import { listedCost } from "@/lib/evidence/evidence-standing";
import type { Cost } from "@/lib/measurement/cost";
import type { ReadVolume } from "@/lib/measurement/volume";
import { CostDetails, type VolumeForm } from "./cost-details";
import { CostText } from "./cost-text";
import { priceText } from "./listing-table";

export const rightChoiceText: Record<RightChoice, string> = {
  yes: "yes",
  no: "no",
  not_stated: "not stated",
};

type OtherProps = {
  listing: ListingView;
  /** Parts whose seller has signed a standing offer: these can be licensed at once. */
  standing: readonly PartName[];
};

type Props = OtherProps & {
  cost: Cost;
  /** Where the reader changes the volume; absent where nothing can be asked for. */
  volume?: { volume: ReadVolume; form: VolumeForm };
};

/** Price, what can be done next, and the terms in short. */
export function PricePanel({ listing, standing, cost, volume }: Props) {
  const { leading, currency } = listing;
  if (!leading) return null;
  return (
    <Panel className="md:max-lg:grid md:max-lg:grid-cols-2 md:max-lg:items-start md:max-lg:gap-x-10">
      <div>
        <p className="text-2xl font-semibold tracking-tight tabular-nums">{priceText(leading, currency)}</p>
        <p className="text-sm text-ink-2">{leadingText(leading)}</p>
        <Actions listing={listing} part={leading.part} canLicense={standing.includes(leading.part)} />
      </div>
      <div>
        <Terms listing={listing} cost={cost} />
        {volume && <CostDetails cost={cost} currency={currency} {...volume} />}
      </div>
    </Panel>
  );
}

type ActionsProps = { listing: ListingView; part: PartName; canLicense: boolean };

function Actions({ listing, part, canLicense }: ActionsProps) {
  if (listing.state !== "open" || listing.isTakenDown) return null;
  if (listing.isOwn)
    return (
      <div className="grid gap-2 pt-4">
        <ButtonLink href="/sell">Manage this listing</ButtonLink>
      </div>
    );
  return (
    <div className="grid gap-2 pt-4">
      {canLicense && (
        <ButtonLink href={`/listings/${listing.slug}/license?part=${part}`} variant="primary">
          License now
        </ButtonLink>
      )}
      <ButtonLink
        href={`/listings/${listing.slug}/offer?part=${part}`}
        variant={canLicense ? "secondary" : "primary"}
      >
        Make an offer
      </ButtonLink>
    </div>
  );
}

function Terms({ listing, cost }: { listing: ListingView; cost: Cost }) {
  const { currency, contributors } = listing;
  const confirmed = contributors.filter((share) => share.status === "confirmed").length;
  const training = listing.dataOrigins.filter((origin) => origin.use === "training");
  const rows = [
    {
      label: <a href="/glossary#cost_per_1000_correct">Per 1,000 correct</a>,
      value: <CostText cost={listedCost(cost)} currency={currency} />,
    },
    ...rightNames.map((right) => ({
      label: rightLabels[right],
      value: rightChoiceText[listing.rights[right]],
    })),
    ...(listing.fieldOfUse ? [{ label: "Field of use", value: listing.fieldOfUse }] : []),
    {
      label: "Data",
      value:
        training.length > 0 ? (
          <a href="#people">{training.map(({ name }) => name).join(", ")}</a>
        ) : (
          "not stated"
        ),
    },
    { label: "Made by", value: madeByText(contributors.length, confirmed) },
  ];
  return (
    <div className="pt-4 md:max-lg:pt-1">
      <Facts rows={rows} />
    </div>
  );
}

function madeByText(total: number, confirmed: number): string {
  if (total === 0) return "not stated";
  const people = total === 1 ? "1 person" : `${total} people`;
  if (confirmed === total)
    return `${people}, ${total === 1 ? "confirmed" : total === 2 ? "both confirmed" : "all confirmed"}`;
  return `${people}, ${confirmed === 0 ? "unconfirmed" : `${confirmed} confirmed`}`;
}

/** "perpetual licence · weights, 2.4 KB" */
function leadingText(part: PartView): string {
  const what = partLabels[part.part].toLowerCase();
  if (part.pricing === "per_1000_calls") return `for 1,000 calls · ${what}`;
  const bytes = part.files.reduce((sum, file) => sum + file.sizeBytes, 0n);
  const size = bytes > 0n ? `, ${sizeText(bytes)}` : "";
  const term = part.termMonths === null ? "perpetual" : `${part.termMonths}-month`;
  return `${term} licence · ${what}${size}`;
}

/** The other parts on offer, each with its price and its own way to a deal. */
export function OtherParts({ listing, standing }: OtherProps) {
  const others = listing.parts.filter((part) => part.isOffered && part !== listing.leading);
  if (others.length === 0) return null;
  const isOpen = listing.state === "open" && !listing.isTakenDown && !listing.isOwn;
  return (
    <Panel title="Also for sale">
      <ul className="grid gap-2.5 text-sm">
        {others.map((part) => (
          <li key={part.part} className="flex flex-wrap justify-between gap-x-4">
            <span>
              <span className="text-ink-2">{partLabels[part.part]}</span>
              <span className="block text-xs text-ink-3">
                {part.pricing === "per_1000_calls" ? "for 1,000 calls" : termText(part.termMonths)}
              </span>
            </span>
            <span className="text-right tabular-nums">
              {priceText(part, listing.currency)}
              {isOpen && (
                <a
                  className="link block min-h-6"
                  href={`/listings/${listing.slug}/${standing.includes(part.part) ? "license" : "offer"}?part=${part.part}`}
                >
                  {standing.includes(part.part) ? "License" : "Make an offer"}
                </a>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
