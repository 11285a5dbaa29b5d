import type { Metadata } from "next";
import { cookies } from "next/headers";
import { OwnDrafts } from "@/components/selling/own-drafts";
import { OwnListings } from "@/components/selling/own-listings";
import { RestoreDraft } from "@/components/selling/restore-draft";
import { StartForm } from "@/components/selling/start-form";
import { WhatItTakes } from "@/components/selling/what-it-takes";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState, Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import type { Actor } from "@/lib/accounts/actor";
import { getOwnAccount } from "@/lib/accounts/queries/accounts";
import { currentActor } from "@/lib/accounts/session/session";
import { findDiscardedDraft, listDrafts, listOwnListings } from "@/lib/selling/queries/drafts";
import { type UploadNote, readUploadNote, uploadNoteCookie } from "@/lib/selling/upload-note";
import { countUnsignedClaims } from "@/lib/evidence/queries/own-claims";
import { findUnsignedEvaluations } from "@/lib/evidence/queries/draft-evaluations";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Sell" };

export default async function SellPage({ searchParams }: PageProps<"/sell">) {
  const [actor, query] = await Promise.all([currentActor(), searchParams]);
  return (
    <Page
      title="Sell what still works"
      lead="A model that lost the general race may be exactly right for one narrow job. Say where it works, show it with your own rows, and say as plainly where it breaks."
    >
      {actor ? <Desk actor={actor} query={query} /> : <SignedOut />}
    </Page>
  );
}

function SignedOut() {
  return (
    <div className="grid gap-6">
      <WhatItTakes />
      <div className="flex flex-wrap gap-3">
        <ButtonLink href="/sign-in?next=/sell" variant="primary">
          Sign in to start
        </ButtonLink>
        <ButtonLink href="/sign-up">Open an account</ButtonLink>
      </div>
    </div>
  );
}

type Query = Record<string, string | string[] | undefined>;

async function Desk({ actor, query }: { actor: Actor; query: Query }) {
  const one = (name: string) => (typeof query[name] === "string" ? query[name] : undefined);
  const [drafts, listings, unsigned, unsignedClaims, now, account, discarded] = await Promise.all([
    listDrafts(actor),
    listOwnListings(actor),
    findUnsignedEvaluations(actor),
    countUnsignedClaims(actor),
    currentTime(),
    getOwnAccount(actor),
    one("discarded") ? findDiscardedDraft(actor, one("discarded") ?? "") : null,
  ]);
  const note = readUploadNote((await cookies()).get(uploadNoteCookie)?.value);
  const news = listings.find(({ slug }) => slug === (one("published") ?? one("revised")));
  return (
    <div className="grid gap-8">
      {news && (
        <Notice tone="good">
          <p>
            {one("revised") ? "The revision of" : "Listed:"}{" "}
            <a className="link" href={`/listings/${news.slug}`}>
              {news.title}
            </a>
            {one("revised") ? " is published." : ". Buyers find it from now on."}
          </p>
          <p className="text-sm">
            Sign a{" "}
            <a className="link" href={`/listings/${news.slug}/standing-offer`}>
              standing offer
            </a>{" "}
            once, and a buyer can license it at its price without waiting for you.
          </p>
        </Notice>
      )}
      {discarded && <RestoreDraft draftId={discarded.id} title={discarded.title} />}
      <div className="grid items-start gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid gap-8">
          <Start isVerified={account.isVerified} note={note?.place === "start" ? note : null} />
          {drafts.length > 0 && (
            <section aria-labelledby="drafts-title">
              <h2 id="drafts-title" className="pb-2">
                Your drafts
              </h2>
              <OwnDrafts drafts={drafts} now={now} />
            </section>
          )}
          <section aria-labelledby="listings-title">
            <h2 id="listings-title" className="pb-2">
              Your listings
            </h2>
            {listings.length > 0 ? (
              <OwnListings
                listings={listings}
                unsigned={unsigned}
                unsignedClaims={unsignedClaims}
                now={now}
              />
            ) : (
              <EmptyState title="Nothing listed yet">
                What you publish stands here with its state, and can be revised, paused or retired.
              </EmptyState>
            )}
          </section>
        </div>
        <Panel title="What it takes">
          <WhatItTakes />
        </Panel>
      </div>
    </div>
  );
}

function Start({ isVerified, note }: { isVerified: boolean; note: UploadNote | null }) {
  return (
    <section aria-labelledby="start-title">
      <h2 id="start-title" className="pb-3">
        List a model
      </h2>
      {isVerified ? <StartForm note={note} /> : <Unverified />}
    </section>
  );
}

function Unverified() {
  return (
    <Notice tone="warning">
      <p>
        Confirm your e-mail address before you sell: open the link we mailed you, or{" "}
        <a className="link" href="/account">
          ask for a new one
        </a>
        .
      </p>
    </Notice>
  );
}
