import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Page } from "@/components/layout/page";
import { LookAgain } from "@/components/selling/look-again";
import { ButtonLink } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { RefusalText } from "@/components/ui/refusal-text";
import { requireActor } from "@/lib/accounts/session/session";
import { type FileReadingView, findFileReading } from "@/lib/selling/queries/file-readings";

export const metadata: Metadata = { title: "Reading a file" };

/** Where a file stands whose reading goes on after it was sent. It asks again by itself, with and without scripts. */
export default async function ReadingPage({ params }: PageProps<"/sell/readings/[readingId]">) {
  const { readingId } = await params;
  const actor = await requireActor(`/sell/readings/${readingId}`);
  const reading = await findFileReading(actor, readingId);
  if (!reading) notFound();
  return (
    <Page
      eyebrow={
        <a href="/sell" className="link">
          Sell
        </a>
      }
      title={reading.fileName}
    >
      <Standing reading={reading} />
    </Page>
  );
}

function Standing({ reading }: { reading: FileReadingView }) {
  const { state, progress, message, location, seconds } = reading;
  if (state === "reading") {
    return (
      <>
        <LookAgain />
        <Notice tone="neutral">
          <p role="status">
            {progress === "" ? "Waiting for its turn, or just begun" : `So far: ${progress}`}. {seconds}{" "}
            {seconds === 1 ? "second" : "seconds"} so far.
          </p>
          <p className="pt-1">You may leave this page: what comes of it is kept all the same.</p>
        </Notice>
      </>
    );
  }
  return (
    <div className="grid justify-items-start gap-4">
      <Notice tone={state === "ready" ? "neutral" : "warning"}>
        <RefusalText text={message} />
      </Notice>
      <ButtonLink href={location ?? "/sell"}>{location ? "Go to what was read" : "Back to Sell"}</ButtonLink>
    </div>
  );
}
