import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { LicenseForm } from "@/components/deals/license-form";
import { Lines } from "@/components/deals/money-panel";
import { PartRefusal } from "@/components/deals/part-refusal";
import { Terms } from "@/components/deals/terms";
import { Page } from "@/components/layout/page";
import { Digest } from "@/components/ui/digest";
import { Panel } from "@/components/ui/panel";
import { requireActor } from "@/lib/accounts/session/session";
import { partLabels, termText } from "@/lib/catalogue/part";
import {
  type LicenseFormView as LicenseFormView,
  findLicensePage,
  partOf,
} from "@/lib/deals/queries/license-page";
import { formatMoney, money } from "@/lib/shared/money";

export const metadata: Metadata = { title: "License now", robots: { index: false } };

export default async function LicensePage({ params, searchParams }: PageProps<"/listings/[slug]/license">) {
  const { slug } = await params;
  const part = partOf((await searchParams)["part"]);
  const actor = await requireActor(`/listings/${slug}/license?part=${part}`);
  const page = await findLicensePage(actor, slug, part);
  if (!page) notFound();
  const back = (
    <a className="link" href={`/listings/${slug}`}>
      {page.listing.title}
    </a>
  );
  if (page.kind === "refused") {
    return (
      <Page width="medium" eyebrow={back} title="License now">
        <PartRefusal {...page} />
      </Page>
    );
  }
  const { data } = page;
  const price = data.priceMinor === 0n ? "free" : formatMoney(money(data.priceMinor, data.currency));
  return (
    <Page
      width="medium"
      eyebrow={back}
      title={`${partLabels[part]}, ${termText(data.termMonths)}, ${price}`}
      lead={`${data.sellerName} has signed these terms for every buyer. Your signature closes the deal.`}
    >
      <div className="grid gap-5">
        <Panel title="The terms, on one page">
          <Terms clauses={data.clauses} files={data.files} />
          <div className="flex flex-wrap items-baseline gap-x-3 border-t border-line pt-3 text-sm text-ink-3">
            Digest of what you sign <Digest hex={data.termsSha256} />
          </div>
        </Panel>
        {data.priceMinor > 0n && <HeldPayment form={data} />}
        <Panel title="Sign">
          <LicenseForm listingId={page.listing.id} part={part} form={data} accountId={actor.accountId} />
        </Panel>
      </div>
    </Page>
  );
}

function HeldPayment({ form }: { form: LicenseFormView }) {
  return (
    <Panel title="What happens to your payment">
      <p className="max-w-[66ch] pb-3 text-sm text-ink-2">
        {form.provider === "demo" ? "This is simulated money. " : ""}
        It is held, not paid out: you download and inspect first. A day after you accept, unless one of you
        objects, it goes to the following. If something is wrong, a moderator decides, and it can come back to
        you in full.
      </p>
      <Lines lines={form.preview.lines} currency={form.currency} />
    </Panel>
  );
}
