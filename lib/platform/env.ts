import { accessSync, constants } from "node:fs";
import { z } from "zod";

const flag = z
  .enum(["0", "1", "true", "false", ""])
  .default("")
  .transform((value) => value === "1" || value === "true");

/** A file that can be read now: a setting that names a missing one must not be taken for none. */
const readableFile = z.string().refine((file) => {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}, "names a file that cannot be read");

/** Scheme, host and port: cookies, links in mails and the log's name are made from it. */
const webOrigin = z
  .url({ protocol: /^https?$/, error: "must be an address such as https://market.example", abort: true })
  .refine((address) => /^\/?$/.test(new URL(address).pathname), "must not have a path")
  .transform((address) => new URL(address).origin);

const schema = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("production"),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgres:// address"),
  APP_ORIGIN: webOrigin.default("http://localhost:3000"),
  DATA_DIR: z.string().min(1).default(".data"),
  NEXTAUTH_SECRET: z.string().min(32, "must have at least 32 characters"),
  OFFCUT_DEMO: flag,
  /** Where a demo's own seller serves a model of its own: the one place on this machine that is called like a stranger's. */
  DEMO_SELLER_ORIGIN: webOrigin.optional(),
  OFFCUT_MASTER_KEY: z.string().optional(),
  OFFCUT_MASTER_KEY_FILE: z.string().optional(),
  LOG_ORIGIN: z.string().optional(),
  /** The sequencer's own way into the database; it takes the role offcut_sequencer on either. */
  SEQUENCER_DATABASE_URL: z.string().optional(),
  /** Where the log's last signed checkpoint is kept besides the database: best on another volume. */
  LOG_CHECKPOINT_FILE: z.string().optional(),
  /** C2SP tlog-policy: the witnesses that are asked before a checkpoint is published, and how many must have signed. */
  LOG_POLICY_FILE: readableFile.optional(),
  CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default("EUR"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().default("Offcut <no-reply@offcut.test>"),
  S3_BUCKET: z.string().optional(),
  S3_ENDPOINT: z.string().optional(),
  S3_REGION: z.string().default("us-east-1"),
  UPLOAD_MAX_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(8 * 1024 ** 3),
  /** What one account may keep here in all. */
  UPLOAD_QUOTA_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(32 * 1024 ** 3),
  FEE_BASIS_POINTS: z.coerce.number().int().min(0).max(5000).default(500),
  BANK_TRANSFER_DETAILS: z.string().optional(),
  COMPUTE_MINOR_PER_HOUR: z.coerce.number().positive().default(20),
  TRUSTED_PROXY: flag,
});

export type Environment = z.infer<typeof schema>;

/** Reads the environment once; refuses to boot with one line for each setting that is missing or wrong. */
function readEnvironment(): Environment {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`Offcut cannot start with this configuration:\n${lines.join("\n")}`);
}

let cached: Environment | undefined;

/** The typed environment; the only reader of process.env in the application. */
export function env(): Environment {
  cached ??= readEnvironment();
  return cached;
}
