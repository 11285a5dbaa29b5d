import "server-only";
import pino from "pino";
import { env } from "./env";

/** Structured log of this process; secrets are masked wherever they stand. */
export const log = pino({
  level: env().LOG_LEVEL,
  base: undefined,
  redact: { paths: ["password", "*.password", "token", "*.token", "cookie", "*.cookie"], censor: "[masked]" },
});
