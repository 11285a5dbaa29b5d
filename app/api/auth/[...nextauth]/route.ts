import NextAuth from "next-auth";
import { authOptions } from "@/lib/accounts/session/auth-options";

type Context = { params: Promise<{ nextauth: string[] }> };

/** The library reads whatever says that it is JSON, and fails on what is not. */
async function isReadable(request: Request): Promise<boolean> {
  if (!request.headers.get("content-type")?.includes("application/json")) return true;
  const body: unknown = await request.json().catch(() => null);
  return typeof body === "object" && body !== null;
}

async function handler(request: Request, context: Context) {
  if (!(await isReadable(request.clone()))) return Response.json({ error: "malformed" }, { status: 400 });
  return NextAuth(request as never, { params: await context.params } as never, authOptions());
}

export { handler as GET, handler as POST };
