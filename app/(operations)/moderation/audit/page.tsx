import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { Moment } from "@/components/ui/moment";
import { EmptyState, Notice } from "@/components/ui/notice";
import { hasRole } from "@/lib/accounts/actor";
import { requireActor } from "@/lib/accounts/session";
import { listAuditEvents } from "@/lib/disputes/queries";
import { isAuditChainWhole } from "@/lib/platform/audit";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Audit log" };

export default async function AuditPage({ searchParams }: PageProps<"/moderation/audit">) {
  const actor = await requireActor("/moderation/audit");
  if (!hasRole(actor, "moderator") && !hasRole(actor, "administrator")) notFound();
  const { before } = await searchParams;
  const cursor = typeof before === "string" && /^\d{1,18}$/.test(before) ? BigInt(before) : null;
  const [events, isWhole, now] = await Promise.all([
    listAuditEvents(actor, cursor),
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
      {events.length === 0 ? (
        <div className="pt-6">
          <EmptyState title="Nothing recorded yet" />
        </div>
      ) : (
        <div className="overflow-x-auto pt-4" tabIndex={0} role="region" aria-label="Audit events">
          <table className="w-full min-w-200 text-sm">
            <thead className="text-left text-ink-3">
              <tr>
                <th className="py-2 pr-4 font-medium">When</th>
                <th className="py-2 pr-4 font-medium">Who</th>
                <th className="py-2 pr-4 font-medium">What</th>
                <th className="py-2 pr-4 font-medium">About</th>
                <th className="py-2 font-medium">Reason</th>
              </tr>
            </thead>
            <tbody>
              {events.map((event) => (
                <tr key={event.id} className="border-t border-line align-top">
                  <td className="py-2 pr-4 whitespace-nowrap">
                    <Moment at={event.at} now={now} />
                  </td>
                  <td className="py-2 pr-4">{event.actorName}</td>
                  <td className="py-2 pr-4">{event.action}</td>
                  <td className="py-2 pr-4">
                    {event.subjectKind.replaceAll("_", " ")}{" "}
                    <span className="font-mono text-xs text-ink-3" title={event.subjectId}>
                      {shortId(event.subjectId)}
                    </span>
                  </td>
                  <td className="min-w-56 max-w-96 py-2">{event.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {events.length === 50 && last && (
        <p className="pt-4">
          <ButtonLink href={`/moderation/audit?before=${last.id}`}>Older</ButtonLink>
        </p>
      )}
    </Page>
  );
}

/** The first block of a UUID; names stand as they are. */
function shortId(id: string): string {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(id) ? `${id.slice(0, 8)}…` : id;
}
