import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";
import { Panel } from "@/components/ui/panel";
import { getInstallation } from "@/lib/platform/installation";

/** What to do after a mail was asked for; on a demo installation it leads to the simulated mailbox. */
export async function MailSentPage({ title, children }: { title: string; children: string }) {
  const { isDemo } = await getInstallation();
  return (
    <Page width="narrow" title={title}>
      <Panel>
        <div className="grid justify-items-start gap-4">
          <p className="max-w-[60ch]">{children}</p>
          <p className="max-w-[60ch] text-ink-2">
            {isDemo
              ? "This is a demo: no mail leaves this machine. It arrives in the demo mailbox within a few seconds."
              : "Nothing after some minutes? Look into the spam folder, then try again."}
          </p>
          {isDemo && (
            <ButtonLink href="/mailbox" variant="primary">
              Open the demo mailbox
            </ButtonLink>
          )}
        </div>
      </Panel>
    </Page>
  );
}
