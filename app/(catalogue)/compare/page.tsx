import type { Metadata } from "next";
import { ComparisonTable } from "@/components/catalogue/comparison-table";
import { VolumeFields } from "@/components/catalogue/volume-fields";
import { Page } from "@/components/layout/page";
import { Button, ButtonLink } from "@/components/ui/button";
import { besideControls, controlClass } from "@/components/ui/field";
import { EmptyState, Notice } from "@/components/ui/notice";
import { currentActor } from "@/lib/accounts/session/session";
import { emptyQuery } from "@/lib/catalogue/browse-query";
import { compareListings, comparedSlugs, MAX_COMPARED } from "@/lib/catalogue/comparison";
import { isTask } from "@/lib/catalogue/niche";
import { type ListingView, listCompared } from "@/lib/catalogue/queries/find-listing";
import { atVolume } from "@/lib/evidence/queries/leading-evaluation";
import { type ReadVolume, readVolume } from "@/lib/measurement/volume";
import { searchListings } from "@/lib/catalogue/queries/search-listings";

export const metadata: Metadata = { title: "Compare", robots: { index: false } };

export default async function ComparePage({ searchParams }: PageProps<"/compare">) {
  const parameters = await searchParams;
  const asked = [parameters.c ?? []].flat();
  const onlyDifferences = parameters.only === "differences";
  const volume = readVolume(parameters.calls, parameters.months);
  const found = await listCompared(await currentActor(), asked);
  const listings = await Promise.all(found.map((listing) => atVolume(listing, volume.volume)));
  const others = listings.length < MAX_COMPARED ? await listOthers(listings) : [];
  const all = compareListings(listings);
  const lines = onlyDifferences ? all.filter((line) => line.differs) : all;
  const slugs = listings.map(({ slug }) => slug);
  const kept = volume.isOwn ? Object.entries(volume.typed) : [];
  return (
    <Page
      width="full"
      title="Compare"
      lead="Up to four listings side by side. “Not stated” means that nobody said so; it does not mean no."
    >
      <div className="grid gap-4">
        {new Set(asked).size > MAX_COMPARED && <Notice>Only the first four are shown.</Notice>}
        {comparedSlugs(asked).length > listings.length && (
          <Notice>Some of what you asked for does not exist any more and is left out.</Notice>
        )}
        {listings.length === 0 ? (
          <EmptyState title="Nothing to compare yet" action={{ href: "/", text: "Browse the market" }}>
            Tick up to four listings on the front page and choose Compare, or add one here.
          </EmptyState>
        ) : (
          <>
            {listings.length === 1 && (
              <Notice>Add a second listing below to see where the two differ.</Notice>
            )}
            <Bar slugs={slugs} kept={kept} onlyDifferences={onlyDifferences} />
            <VolumeForm volume={volume} slugs={slugs} onlyDifferences={onlyDifferences} />
            <ComparisonTable
              listings={listings}
              lines={lines}
              hrefWithout={(slug) =>
                addressOf(
                  slugs.filter((one) => one !== slug),
                  kept,
                  onlyDifferences,
                )
              }
            />
            {lines.length === 0 && (
              <p className="text-ink-2">These listings do not differ in anything stated.</p>
            )}
          </>
        )}
        {others.length > 0 && (
          <AddForm slugs={slugs} kept={kept} others={others} onlyDifferences={onlyDifferences} />
        )}
      </div>
    </Page>
  );
}

type Kept = readonly (readonly [name: string, value: string])[];
type BarProps = { slugs: string[]; kept: Kept; onlyDifferences: boolean };

function Bar({ slugs, kept, onlyDifferences }: BarProps) {
  return (
    <div className="flex flex-wrap gap-3">
      {slugs.length > 1 && (
        <ButtonLink href={addressOf(slugs, kept, !onlyDifferences)}>
          {onlyDifferences ? "Show everything" : "Differences only"}
        </ButtonLink>
      )}
      <ButtonLink href={addressOf(slugs, kept, false, "/compare/csv")} download>
        Download CSV
      </ButtonLink>
    </div>
  );
}

type VolumeProps = { volume: ReadVolume; slugs: string[]; onlyDifferences: boolean };

/** One-off prices of all of them over the reader's own volume. */
function VolumeForm({ volume, slugs, onlyDifferences }: VolumeProps) {
  return (
    <form
      action="/compare"
      className="grid items-start gap-3 sm:grid-cols-[14rem_14rem_max-content]"
      aria-label="Your own volume"
    >
      <Hidden slugs={slugs} onlyDifferences={onlyDifferences} />
      <VolumeFields {...volume} />
      <Button type="submit" className={`justify-self-start ${besideControls}`}>
        Work out the cost
      </Button>
    </form>
  );
}

function Hidden({ slugs, onlyDifferences }: Pick<BarProps, "slugs" | "onlyDifferences">) {
  return (
    <>
      {slugs.map((slug) => (
        <input key={slug} type="hidden" name="c" value={slug} />
      ))}
      {onlyDifferences && <input type="hidden" name="only" value="differences" />}
    </>
  );
}

type AddProps = BarProps & { others: { slug: string; title: string }[] };

function AddForm({ slugs, kept, others, onlyDifferences }: AddProps) {
  return (
    <form action="/compare" className="flex items-end gap-3 pt-2">
      <Hidden slugs={slugs} onlyDifferences={onlyDifferences} />
      {kept.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <label className="grid min-w-0 gap-1 text-sm">
        {slugs.length === 0 ? "Add one" : "Add another"}
        <select name="c" className={controlClass}>
          {others.map(({ slug, title }) => (
            <option key={slug} value={slug}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <Button type="submit">Add</Button>
    </form>
  );
}

/** What else there is for the same tasks, or of anything when nothing is compared yet. */
async function listOthers(listings: readonly ListingView[]) {
  const task = [...new Set(listings.flatMap((listing) => listing.task ?? []))].filter(isTask);
  const { rows } = await searchListings({ ...emptyQuery, task, limit: 30 });
  return rows.filter((row) => !listings.some((listing) => listing.id === row.id));
}

function addressOf(
  slugs: readonly string[],
  kept: Kept,
  onlyDifferences: boolean,
  path = "/compare",
): string {
  const parameters = [
    ...slugs.map((slug) => ["c", slug]),
    ...kept.map(([name, value]) => [name, value]),
    ...(onlyDifferences ? [["only", "differences"]] : []),
  ];
  return `${path}?${new URLSearchParams(parameters)}`;
}
