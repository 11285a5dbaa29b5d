import type { Metadata } from "next";
import { ListingTable } from "@/components/catalogue/listing-table";
import { Page } from "@/components/layout/page";
import { EmptyState, Notice } from "@/components/ui/notice";
import { requireActor } from "@/lib/accounts/session/session";
import { listWatched } from "@/lib/catalogue/queries/listing-rows";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Watch list" };

export default async function WatchedPage() {
  const actor = await requireActor("/watched");
  const [rows, now] = await Promise.all([listWatched(actor), currentTime()]);
  const away = rows.filter((row) => row.state !== "open");
  return (
    <Page width="full" title="Watch list" lead="Listings you keep an eye on. Nobody else sees this list.">
      {rows.length === 0 ? (
        <EmptyState title="You watch nothing yet" action={{ href: "/", text: "Browse the market" }}>
          Choose Watch on a listing and it stands here, with its evidence and price as they are now.
        </EmptyState>
      ) : (
        <div className="grid gap-4">
          {away.length > 0 && (
            <Notice>Not for sale now: {away.map((row) => `${row.title} (${row.state})`).join(", ")}.</Notice>
          )}
          <ListingTable rows={rows} now={now} />
        </div>
      )}
    </Page>
  );
}
