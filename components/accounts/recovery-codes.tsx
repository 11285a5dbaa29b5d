"use client";

import { useState } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { useHasScript } from "@/components/ui/has-script";
import { Notice } from "@/components/ui/notice";

/** Recovery codes, which no page shows a second time. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const hasScript = useHasScript();
  const [isCopied, setCopied] = useState(false);
  const text = `Recovery codes for Offcut\n\n${codes.join("\n")}\n`;
  return (
    <section className="grid gap-4" aria-labelledby="recovery-codes">
      <h2 id="recovery-codes">Recovery codes</h2>
      <Notice tone="warning">
        Keep these apart from your password. Each works once in place of a code or a passkey. They are shown
        only now.
      </Notice>
      <ol className="grid gap-x-8 gap-y-1.5 font-mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code} className="select-all">
            {code}
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-3 print:hidden">
        <ButtonLink
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download="offcut-recovery-codes.txt"
        >
          Download
        </ButtonLink>
        {hasScript && (
          <>
            <Button
              type="button"
              onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
            >
              {isCopied ? "Copied" : "Copy"}
            </Button>
            <Button type="button" onClick={() => window.print()}>
              Print
            </Button>
          </>
        )}
      </div>
    </section>
  );
}
