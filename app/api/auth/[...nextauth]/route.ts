import NextAuth from "next-auth";
import { NextRequest } from "next/server";
import { authOptions } from "@/lib/accounts/session/auth-options";
import { readSignInBody } from "@/lib/accounts/session/sign-in-body";

type Context = { params: Promise<{ nextauth: string[] }> };

async function handler(request: Request, context: Context) {
  return NextAuth(request as never, { params: await context.params } as never, authOptions());
}

export { handler as GET };

export async function POST(request: Request, context: Context): Promise<Response> {
  const read = await readSignInBody(request);
  if ("status" in read) return Response.json({ message: read.message }, { status: read.status });
  const { url, method, headers } = request;
  return handler(new NextRequest(url, { method, headers, body: read.body }), context);
}
