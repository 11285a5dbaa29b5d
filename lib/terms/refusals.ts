/** Why terms refuses; each code means one thing. */
export type TermsRefusal = "contract_damaged" | "files_differ" | "standing_offer_differs";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    terms: TermsRefusal;
  }
}
