/** Liveness: this process answers. */
export function GET() {
  return Response.json({ status: "alive" });
}
