import { isSafeLink } from "@/lib/shared/safe-link";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { ListingTable } from "@/components/catalogue/listing-table";
import { Page } from "@/components/layout/page";
import { exactTime } from "@/components/ui/moment";
import { EmptyState, Notice } from "@/components/ui/notice";
import { ButtonLink } from "@/components/ui/button";
import { TextLink } from "@/components/ui/text-link";
import { findProfile, type ProfileView } from "@/lib/accounts/queries/accounts";
import { currentActor } from "@/lib/accounts/session/session";
import { listListingsOfSeller } from "@/lib/catalogue/queries/listing-rows";
import { currentTime } from "@/lib/platform/clock";

export async function generateMetadata({ params }: PageProps<"/people/[handle]">): Promise<Metadata> {
  const profile = await findProfile((await params).handle);
  if (!profile) return { title: "Nobody here" };
  return { title: profile.displayName, robots: { index: !profile.isSuspended } };
}

const roleTexts = {
  evaluator: "Independent evaluator",
  moderator: "Moderator",
  administrator: "Administrator",
} as const;

function monthOf(at: Date): string {
  return new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(at);
}

function Standing({ profile }: { profile: ProfileView }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-ink-2">
      <li>@{profile.handle}</li>
      <li title={exactTime(profile.createdAt)}>here since {monthOf(profile.createdAt)}</li>
      {profile.roles.map((role) => (
        <li key={role} className="font-medium text-verdigris">
          {roleTexts[role]}
        </li>
      ))}
    </ul>
  );
}

export default async function PersonPage({ params }: PageProps<"/people/[handle]">) {
  const { handle } = await params;
  const profile = await findProfile(handle);
  if (!profile) notFound();
  if (profile.handle !== handle) redirect(`/people/${profile.handle}`);
  const [actor, listings, now] = await Promise.all([
    currentActor(),
    listListingsOfSeller(profile.accountId),
    currentTime(),
  ]);
  const isOwn = actor?.accountId === profile.accountId;
  return (
    <Page
      width="wide"
      title={profile.displayName}
      lead={<Standing profile={profile} />}
      actions={
        isOwn ? (
          <ButtonLink href="/account#profile">Edit your profile</ButtonLink>
        ) : (
          <TextLink href={`/report?about=${encodeURIComponent(`/people/${profile.handle}`)}`}>
            Report this profile
          </TextLink>
        )
      }
    >
      <div className="grid gap-8">
        {profile.isSuspended ? (
          <Notice tone="warning">
            This account is suspended: it cannot sign in, buy or sell. Contracts that were signed stay valid.
          </Notice>
        ) : (
          <Words profile={profile} />
        )}
        {!profile.isSuspended && (
          <section aria-labelledby="offers" className="grid gap-3">
            <h2 id="offers">{listings.total === 1 ? "One listing" : `${listings.total} listings`}</h2>
            {listings.total === 0 ? (
              <EmptyState title="Nothing on offer">
                {isOwn ? (
                  <>
                    What you list stands here. <a href="/sell">List a model or a part of one</a>.
                  </>
                ) : (
                  "This person has no open listing."
                )}
              </EmptyState>
            ) : (
              <ListingTable rows={listings.rows} now={now} />
            )}
          </section>
        )}
      </div>
    </Page>
  );
}

function Words({ profile }: { profile: ProfileView }) {
  if (!profile.bio && !profile.websiteUrl) return null;
  return (
    <div className="grid gap-3">
      {profile.bio && <p className="max-w-[66ch] whitespace-pre-line">{profile.bio}</p>}
      {profile.websiteUrl && isSafeLink(profile.websiteUrl) && (
        <p>
          <a href={profile.websiteUrl} rel="noopener ugc nofollow" className="link break-all">
            {profile.websiteUrl.replace(/^https:\/\//, "")}
          </a>{" "}
          <span className="text-sm text-ink-3">stated by this person, not checked</span>
        </p>
      )}
    </div>
  );
}
