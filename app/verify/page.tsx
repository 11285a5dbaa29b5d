import type { Metadata } from "next";
import { VerifyDesk } from "@/components/verification/verify-desk";
import { Page } from "@/components/layout/page";
import { CommandLine } from "@/components/ui/command-line";
import { Panel } from "@/components/ui/panel";
import { env } from "@/lib/platform/env";

export const metadata: Metadata = {
  title: "Verify",
  description: "Check a signed claim, its place in the public log, or a model’s files, in your own browser.",
};

export default function VerifyPage() {
  const { origin } = new URL(env().APP_ORIGIN);
  return (
    <Page
      width="medium"
      title="Verify"
      lead="Check a claim or a model’s files yourself: who signed it, whether it stands in the public log, who else saw that log, and whether your files are the ones that are meant."
    >
      <div className="grid gap-8">
        <noscript>
          <p className="max-w-[66ch] rounded-md border border-line bg-sunken px-4 py-3">
            This page hashes files and checks signatures in your browser, which needs JavaScript. Without it,
            use the command below, or look a digest up in the log.
          </p>
        </noscript>
        <VerifyDesk />
        <Panel title="Without this page">
          <div className="grid max-w-[66ch] gap-3 text-ink-2">
            <p>
              Code served by this site can lie. The command line does the same from the source code on your
              machine, and needs nothing from us once you hold a bundle:
            </p>
            <CommandLine>npm run -s offcut -- verify {origin}/listings/NAME --files FOLDER</CommandLine>
            <CommandLine>npm run -s offcut -- verify SAVED.sigstore.json --files FOLDER</CommandLine>
            <p>
              A bundle is also read by every program that knows Sigstore, with{" "}
              <a href="/log/1/trusted_root.json">our trusted root</a>, and a proof by every program that reads
              C2SP logs, with <a href="/log/1/policy">our policy</a>. For a single file,{" "}
              <code className="font-mono text-sm">sha256sum</code> and the list of files on its listing are
              enough.
            </p>
          </div>
        </Panel>
        <Panel title="What the five rows say">
          <dl className="grid max-w-[66ch] gap-3">
            {rows.map(([term, text]) => (
              <div key={term}>
                <dt className="font-medium">{term}</dt>
                <dd className="text-ink-2">{text}</dd>
              </div>
            ))}
          </dl>
        </Panel>
      </div>
    </Page>
  );
}

const rows = [
  [
    "Signature",
    "The bytes of the statement were signed with the key that is listed for whoever it names. It shows who said it, not that it is true.",
  ],
  [
    "Who speaks",
    "At its place in the log the key counted, and its account was what the statement says: the seller of all it is about, an evaluator, who is named. The log’s own entries before it show that.",
  ],
  [
    "Public record",
    "The statement is a certain entry of the log, under a checkpoint signed with the log’s key, and the log continues the one this browser saw before.",
  ],
  [
    "Outside observers",
    "Others signed the same checkpoint, so that nobody is shown a log of their own. Without any, only this site vouches for that.",
  ],
  ["Your files", "The files in your hands are, byte for byte, those that the statement is about."],
] as const;
