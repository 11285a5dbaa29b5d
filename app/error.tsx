"use client";

import { Page } from "@/components/layout/page";
import { Button } from "@/components/ui/button";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <Page
      width="narrow"
      title="Something broke on our side"
      lead="Nothing you had saved is lost. Try again; if it stays broken, report it from the foot of this page."
    >
      <Button variant="primary" onClick={reset}>
        Try again
      </Button>
    </Page>
  );
}
