import type { Metadata } from "next";
import { MailSent } from "@/components/accounts/mail-sent";
import { Page } from "@/components/layout/page";
import { getInstallation } from "@/lib/platform/installation";

export const metadata: Metadata = { title: "Check your mail" };

export default async function ForgotPasswordSentPage() {
  const { isDemo } = await getInstallation();
  return (
    <Page width="narrow" title="Check your mail">
      <MailSent isDemo={isDemo}>
        If there is an account with this address, a mail with a link is on its way. The link works once,
        within one hour.
      </MailSent>
    </Page>
  );
}
