"use client";

import { Page } from "@/components/layout/page";
import { Button, ButtonLink } from "@/components/ui/button";

/** What stands in place of a page that failed; trying again reads it anew from the server. */
export default function ErrorPage({ retry }: { error: Error; retry: () => void }) {
  return (
    <Page
      width="narrow"
      title="Something broke on our side"
      lead="Nothing you had saved is lost. Try again; if it stays broken, report it from the foot of this page."
    >
      <div className="flex flex-wrap gap-3">
        <Button variant="primary" onClick={retry}>
          Try again
        </Button>
        <ButtonLink href="/">Browse the market</ButtonLink>
      </div>
    </Page>
  );
}
