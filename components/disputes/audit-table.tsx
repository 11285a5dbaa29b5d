import { DayTime } from "@/components/ui/moment";
import type { AuditView } from "@/lib/disputes/queries/disputes";

/** Entries of the audit log: when and who, what and about what, why. Three columns, so that a phone shows all. */
export function AuditTable({ events, now }: { events: readonly AuditView[]; now: Date }) {
  return (
    <table className="w-full table-fixed text-sm sm:table-auto">
      <thead className="text-left text-ink-3">
        <tr>
          <th scope="col" className="w-[30%] py-2 pr-4 font-medium sm:w-auto">
            When, who
          </th>
          <th scope="col" className="w-[35%] py-2 pr-4 font-medium sm:w-auto">
            What, about what
          </th>
          <th scope="col" className="py-2 font-medium">
            Why
          </th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.id} className="border-t border-line align-top">
            <td className="py-2 pr-4 sm:whitespace-nowrap">
              <span className="block text-xs text-ink-3">
                <DayTime at={event.at} now={now} />
              </span>
              {event.actorName}
            </td>
            <td className="py-2 pr-4">
              {event.action}
              <span className="block text-xs text-ink-3">
                {event.subjectKind}{" "}
                <span className="font-mono break-all" title={event.subjectId}>
                  {shortId(event.subjectId)}
                </span>
              </span>
            </td>
            <td className="max-w-[66ch] py-2 break-words sm:w-1/2">{event.reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The beginning of a UUID or of a digest; names stand as they are. */
function shortId(id: string): string {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}-|[0-9a-f]{24})/.test(id) ? `${id.slice(0, 8)}…` : id;
}
