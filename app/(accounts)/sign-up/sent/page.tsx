import type { Metadata } from "next";
import { MailSent } from "@/components/accounts/mail-sent";
import { Page } from "@/components/layout/page";
import { getInstallation } from "@/lib/platform/installation";

export const metadata: Metadata = { title: "Check your mail" };

export default async function SignUpSentPage() {
  const { isDemo } = await getInstallation();
  return (
    <Page width="narrow" title="We have sent you a mail">
      <MailSent isDemo={isDemo}>
        Open the link in it to confirm your address. It works once, within 24 hours. If you had an account
        already, the mail says so instead.
      </MailSent>
    </Page>
  );
}
