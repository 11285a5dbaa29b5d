import { z } from "zod";
import { networkOf } from "@/lib/accounts/session/network";
import { tryModel } from "@/lib/evidence/commands/try-model";
import { modelInputSchema } from "@/lib/inference/model-input";
import { DomainError } from "@/lib/shared/domain-error";
import { publicAnswer, publicRefusal } from "../../../public-response";

export { preflight as OPTIONS } from "../../../public-response";

const MAX_BODY_BYTES = 1024 ** 2;

const body = z.strictObject({
  input: modelInputSchema,
  /** What you know of the input, by the columns that slices ask for. */
  about: z.record(z.string().max(200), z.string().max(200)).default({}),
});

const statuses: Record<string, number> = {
  not_found: 404,
  invalid_input: 422,
  not_run_here: 409,
  too_many_attempts: 429,
  try_busy: 503,
  isolation_missing: 503,
};

/** One answer of a listed model, and what its record says of inputs like it. Nothing is kept. */
export async function POST(request: Request, { params }: RouteContext<"/api/v1/listings/[slug]/try">) {
  const sent = await readBody(request);
  if (typeof sent === "string") return publicRefusal(400, "invalid_input", sent);
  const { input, about } = sent;
  try {
    const trial = await tryModel(
      null,
      {
        slug: (await params).slug,
        told: about,
        read: ({ kind }) =>
          kind === input.kind
            ? { input }
            : { wrong: { input: `This model reads an input of the kind "${kind}".` } },
      },
      { ip: networkOf(request.headers) },
    );
    return publicAnswer({ trial });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const [first] = Object.values(error.fields);
    return publicRefusal(statuses[error.code] ?? 422, error.code, first ?? error.message);
  }
}

async function readBody(request: Request): Promise<z.infer<typeof body> | string> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_BODY_BYTES)
    return "Send at most one megabyte.";
  const text = await request.text();
  if (text.length > MAX_BODY_BYTES) return "Send at most one megabyte.";
  try {
    const read = body.safeParse(JSON.parse(text));
    return read.success
      ? read.data
      : `${read.error.issues[0]?.path.join(".") ?? "body"}: ${read.error.issues[0]?.message ?? "not readable"}`;
  } catch {
    return "Send JSON with an input.";
  }
}
