import { type Sentence, type SentencePart, date, digest, sentence, strong } from "../sentence";
import type { Statement } from "../statement";
import type { AgreedBy } from "./field";

/** "Signed by X on 3 March 2026 about these exact files (abc…): …" */
export function claimHeadline(
  { subject }: Statement<unknown>,
  signerName: string,
  statedAt: string,
  ...claim: (string | SentencePart)[]
): Sentence {
  const [first] = subject;
  const about = first?.name === undefined ? "files" : first.name;
  return sentence(
    "Signed by ",
    strong(signerName),
    " on ",
    date(statedAt),
    ` about the ${about} (`,
    digest(first?.digest.sha256 ?? ""),
    "): ",
    ...claim,
  );
}

/** What a reader must know of the weaker form; nothing for a signature by a key of the account's own. */
export function agreementFacts(agreedBy: AgreedBy | undefined): Sentence[] {
  switch (agreedBy?.method) {
    case undefined:
    case "device_key":
      return [];
    case "session":
      return [
        sentence(
          "The platform signed that the account agreed while signed in; the account signed nothing itself.",
        ),
      ];
  }
}

/** Says that this claim takes the place of an earlier one, which stays in the log. */
export function replacementFacts(replaces: string | undefined): Sentence[] {
  return replaces === undefined
    ? []
    : [sentence("It takes the place of an earlier claim (", digest(replaces), "), which stays in the log.")];
}
