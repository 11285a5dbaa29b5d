import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ClaimList } from "@/components/evidence/claim-list";
import { SignClaimsForm } from "@/components/evidence/sign-claims-form";
import { Page } from "@/components/layout/page";
import { EmptyState } from "@/components/ui/notice";
import { requireActor } from "@/lib/accounts/session/session";
import { findClaimsToSign } from "@/lib/evidence/queries/own-claims";

export const metadata: Metadata = { title: "Sign your claims" };

export default async function ClaimsPage({ params }: PageProps<"/sell/claims/[slug]">) {
  const { slug } = await params;
  const found = await findClaimsToSign(await requireActor(`/sell/claims/${slug}`), slug);
  if (!found) notFound();
  const { listing, signed, unsigned } = found;
  return (
    <Page
      width="medium"
      eyebrow={
        <>
          Your listing <a href={`/listings/${listing.slug}`}>{listing.title}</a>
        </>
      }
      title="What this listing claims"
      lead="Each claim is a statement in the public log. Signed with your own key it needs nobody’s word but yours."
    >
      <div className="grid gap-8">
        {signed.length + unsigned.length === 0 && (
          <EmptyState title="No claim is recorded">
            Either this listing states no niche, limitation, data or people, or it was published before claims
            were recorded. Publishing a revision records what it states.
          </EmptyState>
        )}
        {unsigned.length > 0 && (
          <section aria-labelledby="unsigned-title" className="grid gap-4">
            <h2 id="unsigned-title">Not signed with your key</h2>
            <p className="max-w-[68ch] text-ink-2">
              Offcut signed that your account agreed to these, which is the weaker form. Read them, then sign
              them all at once.
            </p>
            <ClaimList claims={unsigned} />
            <SignClaimsForm found={found} />
          </section>
        )}
        {signed.length > 0 && (
          <section aria-labelledby="signed-title" className="grid gap-4">
            <h2 id="signed-title">Signed with your key</h2>
            <ClaimList claims={signed} />
          </section>
        )}
      </div>
    </Page>
  );
}
