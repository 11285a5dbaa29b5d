/** What a reader may conclude from one check. There is nothing between these four. */
export type CheckState = "verified" | "not_checked" | "cannot_check" | "failed";

/** The outcome of a check, with what it rests on or why there is none; the message has no full stop. */
export type Check = { state: CheckState; message: string };

export const verified = (message: string): Check => ({ state: "verified", message });
export const notChecked = (message: string): Check => ({ state: "not_checked", message });
export const cannotCheck = (message: string): Check => ({ state: "cannot_check", message });
export const failed = (message: string): Check => ({ state: "failed", message });
