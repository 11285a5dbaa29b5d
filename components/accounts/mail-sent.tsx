import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";

/** What to do after a mail was asked for; on a demo installation it leads to the simulated mailbox. */
export function MailSent({ isDemo, children }: { isDemo: boolean; children: ReactNode }) {
  return (
    <Panel>
      <div className="grid justify-items-start gap-4">
        <p className="max-w-[60ch]">{children}</p>
        {isDemo ? (
          <>
            <p className="max-w-[60ch] text-ink-2">
              This is a demo: no mail leaves this machine. It arrives in the demo mailbox within a few
              seconds.
            </p>
            <ButtonLink href="/mailbox" variant="primary">
              Open the demo mailbox
            </ButtonLink>
          </>
        ) : (
          <p className="max-w-[60ch] text-ink-2">
            Nothing after some minutes? Look into the spam folder, then try again.
          </p>
        )}
      </div>
    </Panel>
  );
}
