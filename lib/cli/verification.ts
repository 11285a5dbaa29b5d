import { kindOf, sentencesOf } from "@/lib/statements/kinds";
import { sentenceText } from "@/lib/statements/sentence";
import type { Outcome } from "./command";
import { type Ending, worstOf } from "./ending";
import { type Judged, judgedJson } from "./judge-envelope";
import { type Row, endingOf, rowJson, rowLine } from "./row";

/** One thing that was verified, with everything that was looked at. */
export type Verification = { title: string; rows: readonly Row[]; judged?: Judged };

const verdicts: Record<Ending, string> = {
  verified: "Verified here.",
  failed: "FAILED.",
  usage: "Not verified.",
  unsupported: "Cannot be checked here, which says nothing against it.",
  unreachable: "Not verified: something could not be reached.",
  untrusted_key: "Not verified: you have not said that you trust this key.",
  inconsistent_log: "FAILED: the log showed two histories.",
};

/** Everything that was verified, as one outcome. A statement is put into words only when its signature holds. */
export function tellVerifications(
  target: string,
  verifications: readonly Verification[],
  more: Record<string, unknown> = {},
): Outcome {
  const ending = worstOf(verifications.map(({ rows }) => endingOf(rows)));
  return {
    ending,
    result: {
      target,
      ...more,
      verifications: verifications.map(({ title, rows, judged }) => ({
        title,
        ending: endingOf(rows),
        rows: rows.map(rowJson),
        ...(judged && judgedJson(judged)),
        ...(judged && saidJson(judged)),
      })),
    },
    lines: [...verifications.flatMap(linesOf), verdicts[ending]],
  };
}

function linesOf({ title, rows, judged }: Verification): string[] {
  const said = judged && saidOf(judged);
  return [
    title,
    ...(said ? [`  ${said.headline}`, ...said.facts.map((fact) => `    ${fact}`)] : []),
    ...rows.map(rowLine),
    ...(said ? [`  It does not show ${said.doesNotShow.join("; ")}.`] : []),
    "",
  ];
}

function saidJson(judged: Judged): Record<string, unknown> {
  const said = saidOf(judged);
  return said ? { says: said.headline, facts: said.facts, doesNotShow: said.doesNotShow } : {};
}

/** What a statement says in sentences; null unless somebody trusted signed it. */
export function saidOf({ statement, signer }: Pick<Judged, "statement" | "signer">): {
  kind: string;
  headline: string;
  facts: string[];
  doesNotShow: readonly string[];
} | null {
  if (!statement || !signer) return null;
  const { headline, facts, doesNotShow } = sentencesOf(
    statement,
    signer.name ?? `the key ${signer.keyId.slice(0, 12)}…`,
  );
  const kind = kindOf(statement.predicateType)?.title ?? "Statement of an unknown kind";
  return { kind, headline: plain(headline), facts: facts.map(plain), doesNotShow };
}

/** Others chose these words: nothing of them may steer a terminal. */
function plain(sentence: Parameters<typeof sentenceText>[0]): string {
  return printable(sentenceText(sentence));
}

export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Surrogate}]/gu, "\uFFFD");
}
