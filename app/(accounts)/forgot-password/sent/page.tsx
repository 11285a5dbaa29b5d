import type { Metadata } from "next";
import { MailSentPage } from "../../mail-sent";

export const metadata: Metadata = { title: "Check your mail" };

export default function ForgotPasswordSentPage() {
  return (
    <MailSentPage title="Check your mail">
      If there is an account with this address, a mail with a link is on its way. The link works once, within
      one hour.
    </MailSentPage>
  );
}
