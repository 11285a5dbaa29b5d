import { replyBody } from "./reply-body";
import { answerKind } from "./kinds/answer";
import type { AgreedBy } from "./kinds/field";
import { type Statement, makeStatement, subjectsOfEnvelope } from "./statement";

export type ReplyFacts = {
  sellerId: string;
  listingId: string;
  /** The envelope of the evidence that is replied to, and what that was about. */
  answers: string;
  subjects: readonly string[];
  body: string;
  at: string;
};

/** The statement of a seller's reply. Its body is the words alone: no blanks around them, lines ended by LF. */
export function replyStatement(facts: ReplyFacts, agreedBy?: AgreedBy): Statement {
  const { sellerId, listingId, answers, subjects, body, at } = facts;
  const about = subjectsOfEnvelope(answers, subjects, "subject of the evidence");
  return makeStatement(answerKind.predicateType, about, {
    seller: sellerId,
    ...(agreedBy ? { agreedBy } : {}),
    listing: listingId,
    answers,
    body: replyBody(body),
    statedAt: at,
  });
}
