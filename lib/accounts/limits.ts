import { refuseUnless } from "@/lib/shared/domain-error";

/**
 * What one account may do and pile up. Nobody who works comes near; who does is told when it is possible again, or what to
 * remove. A limit stands here once, is decided under a lock, and is in the table of the README.
 */
export const limits = {
  commands: { minute: 120, hour: 2_000 },
  /** Mails to others and to oneself that an account causes, in a clock hour and in 24 of them. */
  mails: { hour: 100, day: 300 },
  /** From one side of a deal to the other, however much is written. */
  minutesBetweenMessageMails: 5,

  sessions: 50,
  keysInForce: 50,
  keys: 200,
  pastHandles: 20,

  draftsOpen: 100,
  /** With those thrown away within a week. */
  draftsKept: 300,
  filesInDraft: 500,
  importsInDraft: 100,
  listings: 1_000,
  versionsOfModel: 500,
  changesOfListingInDay: 30,
  watched: 1_000,

  /** Unsigned evaluations and signed ones of one evaluator about one listing. */
  evaluationsOfListing: 50,
  /** Runs asked for that have not ended, and all of 24 hours. */
  runsInHand: 3,
  runsInDay: 20,
  stancesOnClaim: 20,

  dealsWaiting: 50,
  dealsInDay: 100,
  dealsWithSellerInDay: 30,
  offersInDeal: 40,
  messagesInDeal: 250,
  splitsInDeal: 20,
  downloadsOfFileInDay: 100,
  standingOffersOfPartInDay: 20,
  statementsInDispute: 50,
} as const;

/** Throws `limit_reached` with the sentence where there are as many already. */
export function requireRoom(count: number, limit: number, sentence: string): void {
  refuseUnless(count < limit, "limit_reached", sentence);
}
