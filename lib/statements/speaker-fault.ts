/** Why the one who signed may not say this, at the statement's place in the log. Each means one thing only. */
export type SpeakerFault =
  | "key_foreign"
  | "key_revoked"
  | "key_early"
  | "key_may_not"
  | "not_seller"
  | "not_evaluator"
  | "own_model"
  | "not_named"
  | "not_its_speaker";

/** Each in a sentence. */
export const speakerMessages: Record<SpeakerFault, string> = {
  key_foreign: "The log names nobody’s key before this entry that made the signature.",
  key_revoked: "The key had been revoked before this entry of the log.",
  key_early: "The key did not count yet when the log took this in.",
  key_may_not: "The key that signed is not one that may speak for whom the statement names.",
  not_seller: "Whoever speaks as the seller had published no listing of all that the statement is about.",
  not_evaluator: "Whoever speaks as an independent evaluator was none at this entry of the log.",
  own_model: "Whoever speaks as independent sells what the statement is about, or is about to.",
  not_named: "The claim that is answered names somebody else.",
  not_its_speaker: "A statement is taken back or replaced by who made it, and by nobody else.",
};
