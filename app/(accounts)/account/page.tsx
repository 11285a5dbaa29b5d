import type { Metadata } from "next";
import type { ReactNode } from "react";
import { CommandLineKey } from "@/components/accounts/command-line-key";
import { DeviceKeys } from "@/components/accounts/device-keys";
import { NewPasswordField } from "@/components/accounts/password-field";
import { ProfileForm } from "@/components/accounts/profile-form";
import { SecondStepPanel } from "@/components/accounts/second-step";
import { ProofFields } from "@/components/accounts/second-step-fields";
import { SessionList } from "@/components/accounts/session-list";
import { WaitingPayoutDetails } from "@/components/deals/payout-details";
import { OwnDecisions } from "@/components/disputes/own-decisions";
import { ActionForm, ButtonForm, SubmitLine } from "@/components/forms/action-form";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { changePassword, sendConfirmation, signOut } from "@/lib/accounts/actions";
import {
  getOwnAccount,
  listOwnKeys,
  listSessions,
  type OwnAccountView,
} from "@/lib/accounts/queries/accounts";
import { type AskedStep, getOwnSecondStep } from "@/lib/accounts/queries/second-factors";
import { requireActor } from "@/lib/accounts/session/session";
import { listOwnSanctions } from "@/lib/disputes/queries/disputes";
import { findOwnPayoutDetails } from "@/lib/ledger/queries/payouts";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Your account" };

const SECTIONS = [
  ["profile", "Profile"],
  ["address", "Address"],
  ["password", "Password"],
  ["second-step", "Second step"],
  ["sessions", "Sessions"],
  ["keys", "Signing keys"],
  ["decisions", "Decisions"],
] as const;

type SectionProps = { id: (typeof SECTIONS)[number][0]; lead: string; children: ReactNode };

function Section({ id, lead, children }: SectionProps) {
  const title = SECTIONS.find(([name]) => name === id)?.[1];
  return (
    <section id={id} className="scroll-mt-6 rounded-lg border border-line bg-surface px-5 py-4.5">
      <h2>{title}</h2>
      <p className="max-w-[66ch] pt-0.5 pb-4 text-ink-2">{lead}</p>
      {children}
    </section>
  );
}

function OnThisPage() {
  return (
    <nav aria-label="On this page" className="hidden lg:block">
      <ul className="sticky top-6 grid gap-0.5 text-sm">
        {SECTIONS.map(([id, title]) => (
          <li key={id}>
            <a href={`#${id}`} className="inline-flex min-h-7 items-center text-ink-2 hover:text-ink">
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Address({ account }: { account: OwnAccountView }) {
  return (
    <div className="grid gap-4">
      <p className="flex flex-wrap items-baseline gap-x-3 break-all">
        <span className="font-medium">{account.email}</span>
        <span className={account.isVerified ? "text-verdigris" : "text-ochre"}>
          {account.isVerified ? "confirmed" : "not confirmed"}
        </span>
      </p>
      {!account.isVerified && (
        <ActionForm action={sendConfirmation}>
          <SubmitLine variant="secondary">Send the link again</SubmitLine>
        </ActionForm>
      )}
    </div>
  );
}

function AddressNotice({
  account: { isVerified },
  isJustConfirmed,
}: {
  account: OwnAccountView;
  isJustConfirmed: boolean;
}) {
  if (!isVerified) {
    return (
      <Notice tone="warning">
        Confirm your address to buy and sell: open the link we mailed you, or have it sent again below.
      </Notice>
    );
  }
  if (!isJustConfirmed) return null;
  return (
    <Notice tone="good">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p>Your address is confirmed. You can buy and sell.</p>
        <ButtonLink href="/">Browse the market</ButtonLink>
      </div>
    </Notice>
  );
}

function SignOut() {
  return (
    <ButtonForm action={signOut} className="inline-block" variant="secondary">
      Sign out
    </ButtonForm>
  );
}

function ChangePassword({ step }: { step: AskedStep }) {
  return (
    <ActionForm action={changePassword} className="grid max-w-md gap-4">
      <ProofFields id="change" step={step} passwordName="currentPassword" passwordLabel="Present password" />
      <NewPasswordField name="newPassword" label="New password" />
      <SubmitLine variant="secondary">Change the password</SubmitLine>
    </ActionForm>
  );
}

function WhoSees({ handle }: { handle: string }) {
  return (
    <>
      Others see <a href={`/people/${handle}`}>your public profile</a>; the rest of this page only you.
      Listings that name you as a contributor are under <a href="/contributions">Contributions</a>.
    </>
  );
}

export default async function AccountPage({ searchParams }: PageProps<"/account">) {
  const actor = await requireActor("/account");
  const { done } = await searchParams;
  const [account, step, { sessions, asOf }, keys, sanctions, { waiting }, now] = await Promise.all([
    getOwnAccount(actor),
    getOwnSecondStep(actor),
    listSessions(actor),
    listOwnKeys(actor),
    listOwnSanctions(actor),
    findOwnPayoutDetails(actor),
    currentTime(),
  ]);
  return (
    <Page
      width="medium"
      title="Your account"
      lead={<WhoSees handle={account.handle} />}
      actions={<SignOut />}
    >
      <div className="grid gap-x-10 gap-y-5 lg:grid-cols-[9rem_1fr]">
        <OnThisPage />
        <div className="grid min-w-0 gap-5">
          <AddressNotice account={account} isJustConfirmed={done === "address-confirmed"} />
          {waiting && <WaitingPayoutDetails waiting={waiting} now={now} />}
          <Section id="profile" lead="What others read of you beside your listings and deals.">
            <ProfileForm account={account} />
          </Section>
          <Section id="address" lead="Where notices about your deals go. Never shown to others.">
            <Address account={account} />
          </Section>
          <Section id="password" lead="A new password ends every other session.">
            <ChangePassword step={step} />
          </Section>
          <Section
            id="second-step"
            lead="After the password something that only you hold: a code from an app, or a passkey. Whoever moderates, administers or is paid needs it."
          >
            {done === "factor-removed" && <Notice tone="good">Removed. We have told you by mail.</Notice>}
            <SecondStepPanel step={step} now={asOf} />
          </Section>
          <Section id="sessions" lead="Where you are signed in. Ending a session acts on its next click.">
            <SessionList sessions={sessions} asOf={asOf} />
          </Section>
          <Section
            id="keys"
            lead="Keys sign contracts and records in your name. Each is made on its device; one made in a browser cannot be copied off it. Losing them all loses no listing, deal or money."
          >
            <DeviceKeys
              accountId={account.accountId}
              isDemo={account.isDemo}
              keys={keys}
              step={step}
              now={now}
            />
            <CommandLineKey accountId={account.accountId} isDemo={account.isDemo} step={step} />
          </Section>
          <Section
            id="decisions"
            lead="What moderators decided about you or your listings, with the reason and your appeal."
          >
            <OwnDecisions sanctions={sanctions} now={now} />
          </Section>
        </div>
      </div>
    </Page>
  );
}
