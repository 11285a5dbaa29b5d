import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { ButtonLink } from "@/components/ui/button";

export const metadata: Metadata = { title: "Nothing here" };

export default function NotFound() {
  return (
    <Page
      width="narrow"
      title="There is nothing here"
      lead="The address may be mistyped, or what stood here is not yours to see."
    >
      <ButtonLink href="/" variant="primary">
        Browse the market
      </ButtonLink>
    </Page>
  );
}
