"use client";

import { Page } from "@/components/layout/page";
import { Button } from "@/components/ui/button";
import "./globals.css";

/** Stands in for the whole document when even the frame of a page could not be read. */
export default function GlobalErrorPage() {
  return (
    <html lang="en">
      <body className="min-h-dvh">
        <title>Out of order · Offcut</title>
        <Page
          width="narrow"
          eyebrow="Offcut"
          title="This market cannot answer right now"
          lead="Something below every page is out of order. Nothing that was saved is lost. Try again in a minute."
        >
          <Button variant="primary" onClick={() => location.reload()}>
            Try again
          </Button>
        </Page>
      </body>
    </html>
  );
}
