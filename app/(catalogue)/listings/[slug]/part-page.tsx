import { PartRefusal } from "@/components/deals/part-refusal";
import { Page } from "@/components/layout/page";
import type { PartPage } from "@/lib/deals/queries/license-page";
import { formatMoney, money } from "@/lib/shared/money";

type Refused = Extract<PartPage<never>, { kind: "refused" }>;

/** In place of a page about one part of a listing: why this person cannot go on. */
export function RefusedPartPage({ title, page }: { title: string; page: Refused }) {
  return (
    <Page width="medium" eyebrow={<BackTo {...page.listing} />} title={title}>
      <PartRefusal {...page} />
    </Page>
  );
}

export function BackTo({ slug, title }: { slug: string; title: string }) {
  return (
    <a className="link" href={`/listings/${slug}`}>
      {title}
    </a>
  );
}

/** "free", or what a part costs. */
export function listPrice({ priceMinor, currency }: { priceMinor: bigint; currency: string }): string {
  return priceMinor === 0n ? "free" : formatMoney(money(priceMinor, currency));
}
