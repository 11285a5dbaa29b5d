import type { PathFault } from "./model-manifest";

/** Why catalogue refuses; each code means one thing. */
export type CatalogueRefusal =
  | PathFault
  | "description_refused"
  | "digest_malformed"
  | "file_refused"
  | "listing_invalid"
  | "listing_status"
  | "no_files"
  | "path_repeated"
  | "quota_reached"
  | "too_many_files"
  | "too_many_uploads";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    catalogue: CatalogueRefusal;
  }
}
