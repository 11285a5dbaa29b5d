import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";

/** A mailed link that has been used, has run out, or never was one. */
export function UnusableLink({ href, action }: { href: string; action: string }) {
  return (
    <Page
      width="narrow"
      title="This link no longer works"
      lead="Each link works once and for a limited time. Nothing has been changed by opening it."
    >
      <ButtonLink href={href} variant="primary">
        {action}
      </ButtonLink>
    </Page>
  );
}
