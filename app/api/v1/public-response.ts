import { publicHeaders } from "@/lib/catalogue/api-view";

/** JSON that any page may read. */
export function publicAnswer(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: publicHeaders });
}

/** Why there is no such answer, in the form of every error of this interface. */
export function publicRefusal(status: number, code: string, message: string): Response {
  return publicAnswer({ error: { code, parameter: null, message } }, status);
}

/** What a browser asks before a page of another origin may read. */
export function preflight(): Response {
  return new Response(null, { status: 204, headers: publicHeaders });
}
