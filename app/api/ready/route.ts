import { isReady } from "@/lib/platform/ready";

export const dynamic = "force-dynamic";

/** Readiness: the database answers and this installation is open. */
export async function GET() {
  return (await isReady())
    ? Response.json({ status: "ready" })
    : Response.json({ status: "starting" }, { status: 503 });
}
