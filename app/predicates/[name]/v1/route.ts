import { predicateJsonSchema } from "@/lib/statements/kinds";
import { noSuch } from "../../../responses";

/** The JSON Schema of a kind of statement kept here. */
export async function GET(_request: Request, { params }: { params: Promise<{ name: string }> }) {
  const { name } = await params;
  const schema = predicateJsonSchema(name);
  if (!schema) return noSuch("No statements of this kind are kept here.");
  return Response.json(schema, {
    headers: {
      "content-type": "application/schema+json",
      "cache-control": "public, max-age=3600",
      "access-control-allow-origin": "*",
    },
  });
}
