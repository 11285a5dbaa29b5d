import "server-only";
import pino from "pino";
import { env } from "./env";

const SECRETS = ["password", "passwordHash", "token", "cookie", "authorization", "secret"];

/** Structured log of this process, a line for each entry; secrets are masked, down to what an entry's facts hold. */
export const log = pino({
  level: env().LOG_LEVEL,
  base: undefined,
  redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "[masked]" },
});
