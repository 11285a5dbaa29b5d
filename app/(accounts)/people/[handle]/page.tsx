import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { Page } from "@/components/layout/page";
import { ReportLink } from "@/components/layout/report-link";
import { exactTime } from "@/components/ui/moment";
import { EmptyState, Notice } from "@/components/ui/notice";
import { ButtonLink } from "@/components/ui/button";
import { findProfile, type ProfileView } from "@/lib/accounts/queries";
import { currentActor } from "@/lib/accounts/session";

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
  const actor = await currentActor();
  const isOwn = actor?.accountId === profile.accountId;
  return (
    <Page
      width="medium"
      title={profile.displayName}
      lead={<Standing profile={profile} />}
      actions={isOwn ? <ButtonLink href="/account">Edit your profile</ButtonLink> : undefined}
    >
      <div className="grid gap-7">
        {profile.isSuspended && (
          <Notice tone="warning">
            This account is suspended. Its listings are not offered; contracts that were signed stay valid.
          </Notice>
        )}
        {profile.bio && <p className="max-w-[66ch] whitespace-pre-line">{profile.bio}</p>}
        {profile.websiteUrl && (
          <p>
            <a href={profile.websiteUrl} rel="noopener ugc nofollow">
              {profile.websiteUrl.replace(/^https:\/\//, "")}
            </a>{" "}
            <span className="text-sm text-ink-3">as stated by this person; not checked</span>
          </p>
        )}
      </div>
    </Page>
  );
}
