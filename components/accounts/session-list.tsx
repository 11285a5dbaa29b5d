import { ActionForm, ButtonForm, SubmitLine } from "@/components/forms/action-form";
import { Moment } from "@/components/ui/moment";
import { endOtherSessions, endSession } from "@/lib/accounts/actions";
import type { SessionView } from "@/lib/accounts/queries/accounts";

/** The live sessions of an account, each to be ended alone or all others at once. */
export function SessionList({ sessions, asOf }: { sessions: SessionView[]; asOf: Date }) {
  return (
    <div className="grid gap-4">
      <ul>
        {sessions.map((session) => (
          <li
            key={session.sessionId}
            className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t border-line py-3 first:border-t-0"
          >
            <div className="min-w-0 flex-1 basis-56">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <span className="font-medium">{session.device}</span>
                {session.isThisOne && <span className="text-sm text-verdigris">this one</span>}
              </p>
              <p className="text-sm text-ink-2">
                last seen <Moment at={session.lastSeenAt} now={asOf} />, signed in{" "}
                <Moment at={session.createdAt} now={asOf} />
              </p>
            </div>
            {!session.isThisOne && (
              <ButtonForm
                action={endSession}
                fields={{ sessionId: session.sessionId }}
                className="grid gap-2"
                aria-label={`End ${session.device}`}
                variant="secondary"
              >
                End
              </ButtonForm>
            )}
          </li>
        ))}
      </ul>
      {/* Stays when no other is left, so that its answer can be read. */}
      <ActionForm action={endOtherSessions}>
        {sessions.length > 1 && <SubmitLine variant="danger">End all others</SubmitLine>}
      </ActionForm>
    </div>
  );
}
