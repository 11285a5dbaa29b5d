import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SearchForm } from "@/components/forms/search-form";
import { Page } from "@/components/layout/page";
import { MailText } from "@/components/accounts/mail-text";
import { Moment } from "@/components/ui/moment";
import { EmptyState, Notice } from "@/components/ui/notice";
import { listMailbox } from "@/lib/platform/mailbox";

export const metadata: Metadata = { title: "Demo mailbox", robots: { index: false } };

export default async function MailboxPage({ searchParams }: PageProps<"/mailbox">) {
  const { to } = await searchParams;
  const wanted = typeof to === "string" ? to.slice(0, 254) : "";
  const mailbox = await listMailbox(wanted);
  if (!mailbox) notFound();
  const { mails, asOf, origin } = mailbox;
  return (
    <Page
      width="medium"
      title="Demo mailbox"
      lead="Simulated: every mail this demo installation would have sent, newest first. No mail leaves this machine, and everybody who opens this demo reads the same box."
    >
      <div className="grid gap-5">
        <SearchForm
          name="to"
          label="Sent to"
          isOptional
          defaultValue={wanted}
          maxLength={254}
          button="Look again"
        />
        {mails.length === 0 ? (
          <EmptyState title={wanted ? "No mail to this address" : "No mail yet"}>
            A mail arrives within a few seconds of what it is about. Then look again.
          </EmptyState>
        ) : (
          <ol className="grid gap-4">
            {mails.map((mail) => (
              <li key={mail.id} className="rounded-lg border border-line bg-surface px-5 py-4.5">
                <article aria-labelledby={`subject-${mail.id}`}>
                  <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 pb-3">
                    <div className="min-w-0">
                      <h2 id={`subject-${mail.id}`}>{mail.subject}</h2>
                      <p className="text-sm break-all text-ink-3">to {mail.to}</p>
                    </div>
                    <p className="text-sm text-ink-3">
                      <Moment at={mail.createdAt} now={asOf} />
                    </p>
                  </div>
                  <MailText text={mail.text} origin={origin} />
                </article>
              </li>
            ))}
          </ol>
        )}
        {mails.length === 50 && (
          <Notice>Only the newest 50 are shown. Search for an address to see older ones.</Notice>
        )}
      </div>
    </Page>
  );
}
