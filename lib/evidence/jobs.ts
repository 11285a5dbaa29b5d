import "server-only";

export { countDay } from "./commands/count-day";
export { logWaitingKeys } from "./commands/log-waiting-keys";
