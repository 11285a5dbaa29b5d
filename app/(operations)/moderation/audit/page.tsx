import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { AuditTable } from "@/components/disputes/audit-table";
import { Page } from "@/components/layout/page";
import { Button, ButtonLink } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { EmptyState, Notice } from "@/components/ui/notice";
import { hasRole } from "@/lib/accounts/actor";
import { requireActor } from "@/lib/accounts/session/session";
import { listAuditEvents } from "@/lib/disputes/queries/disputes";
import { auditSearchInput } from "@/lib/disputes/schemas";
import { isAuditChainWhole } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Audit log" };

export default async function AuditPage({ searchParams }: PageProps<"/moderation/audit">) {
  const actor = await requireActor("/moderation/audit");
  if (!hasRole(actor, "moderator") && !hasRole(actor, "administrator")) notFound();
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
      <form className="flex flex-wrap items-end gap-3 py-5" role="search">
        <div className="min-w-0 flex-1 basis-64 sm:max-w-md">
          <TextField
            name="q"
            label="Who, what, about what or why"
            isOptional
            defaultValue={q}
            type="search"
            maxLength={100}
          />
        </div>
        <Button type="submit">Search</Button>
        {(q || before !== null) && <ButtonLink href="/moderation/audit">Everything, newest first</ButtonLink>}
      </form>
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
