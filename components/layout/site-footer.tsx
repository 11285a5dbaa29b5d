import { TextLink } from "@/components/ui/text-link";
import { ReportLink } from "./report-link";

export function SiteFooter({ isDemo }: { isDemo: boolean }) {
  return (
    <footer className="mt-16 border-t border-line">
      <div className="mx-auto flex max-w-360 flex-wrap gap-x-6 gap-y-2 px-4 py-6 text-sm text-ink-3 sm:px-8">
        <p className="flex-1 basis-full sm:basis-0">Inspection, not belief. No proof, no settlement.</p>
        <TextLink href="/verify">Verify</TextLink>
        <TextLink href="/log">The public log</TextLink>
        <TextLink href="/glossary">Glossary</TextLink>
        <ReportLink />
        {isDemo && <TextLink href="/mailbox">Demo mailbox</TextLink>}
      </div>
    </footer>
  );
}
