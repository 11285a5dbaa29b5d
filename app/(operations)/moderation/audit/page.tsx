import type { Metadata } from "next";
import { AuditTable } from "@/components/disputes/audit-table";
import { SearchForm } from "@/components/forms/search-form";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState, Notice } from "@/components/ui/notice";
import { requireOperator } from "@/lib/accounts/session/session";
import { listAuditEvents } from "@/lib/disputes/queries/disputes";
import { auditSearchInput } from "@/lib/disputes/schemas";
import { isAuditChainWhole } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Audit log" };

export default async function AuditPage({ searchParams }: PageProps<"/moderation/audit">) {
  const actor = await requireOperator("/moderation/audit", "moderator", "administrator");
  const { before, q } = auditSearchInput.parse(await searchParams);
  const [events, isWhole, now] = await Promise.all([
    listAuditEvents(actor, before, q),
    isAuditChainWhole(),
    currentTime(),
  ]);
  const last = events.at(-1);
  return (
    <Page
      width="wide"
      title="Audit log"
      lead="Every decision that takes or grants rights, with who, when and why. The database refuses to change or delete an entry, and each entry’s hash covers the one before it."
    >
      <Notice tone={isWhole ? "good" : "bad"}>
        {isWhole
          ? "The chain of hashes was recomputed for this page: it is whole."
          : "The chain of hashes does not match: an entry was changed behind the application’s back."}
      </Notice>
      <SearchForm
        name="q"
        label="Who, what, about what or why"
        isOptional
        defaultValue={q}
        maxLength={100}
        formClass="py-5"
        fieldClass="basis-64 sm:max-w-md"
      >
        {(q || before !== null) && <ButtonLink href="/moderation/audit">Everything, newest first</ButtonLink>}
      </SearchForm>
      {events.length === 0 ? (
        <EmptyState title={q ? `No entry has “${q}”` : "No entries"}>
          {q
            ? "Try a shorter piece of a name, an action such as “freeze”, an id or a word of the reason."
            : "Nothing is recorded before this."}
        </EmptyState>
      ) : (
        <AuditTable events={events} now={now} />
      )}
      {events.length === 50 && last && (
        <p className="pt-4">
          <ButtonLink href={`/moderation/audit?before=${last.id}${q ? `&q=${encodeURIComponent(q)}` : ""}`}>
            Older
          </ButtonLink>
        </p>
      )}
    </Page>
  );
}
