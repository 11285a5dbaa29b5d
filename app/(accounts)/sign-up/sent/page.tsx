import type { Metadata } from "next";
import { MailSentPage } from "../../mail-sent";

export const metadata: Metadata = { title: "Check your mail" };

export default function SignUpSentPage() {
  return (
    <MailSentPage title="We have sent you a mail">
      Open the link in it to confirm your address. It works once, within 24 hours. If you had an account
      already, the mail says so instead.
    </MailSentPage>
  );
}
