import type { Metadata } from "next";
import { PasswordField } from "@/components/accounts/password-field";
import { UnusableLink } from "@/components/accounts/unusable-link";
import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { Page } from "@/components/layout/page";
import { Panel } from "@/components/ui/panel";
import { confirmAddress } from "@/lib/accounts/actions";
import { findLink } from "@/lib/accounts/queries/accounts";
import { currentActor } from "@/lib/accounts/session/session";

export const metadata: Metadata = { title: "Confirm your address", robots: { index: false } };

export default async function ConfirmAddressPage({ searchParams }: PageProps<"/confirm-address">) {
  const { token } = await searchParams;
  const secret = typeof token === "string" ? token : "";
  const link = await findLink(await currentActor(), secret, "verify_email");
  if (!link) return <UnusableLink href="/account" action="Go to your account" />;
  return (
    <Page
      width="narrow"
      title="Confirm your address"
      lead={
        link.isOwn
          ? "One step is left before you can buy and sell."
          : "Type the password you chose at sign-up: it shows that the person who reads this mail also opened the account."
      }
    >
      <Panel>
        <ActionForm action={confirmAddress} fields={{ token: secret }}>
          {!link.isOwn && <PasswordField name="password" label="Password" autoComplete="current-password" />}
          <SubmitLine>{link.isOwn ? "Confirm this address" : "Confirm and sign in"}</SubmitLine>
        </ActionForm>
      </Panel>
    </Page>
  );
}
