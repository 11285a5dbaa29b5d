import { findListedContract } from "@/lib/catalogue/queries/run-contracts";
import { runContractSchema } from "@/lib/inference/run-contract";
import { deliveredFile, deliveredNames } from "@/lib/inference/snippets";
import { noSuch } from "../../../../../responses";

/** How a listed version is run, by the digest of its contract: the contract, a program in two languages, a sample input. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ sha256: string; name: string }> },
) {
  const { sha256, name } = await params;
  const wanted = deliveredNames.find((one) => one === name);
  const contract = wanted && (await findListedContract(sha256));
  const text = wanted && contract ? deliveredFile(runContractSchema.parse(contract), wanted) : null;
  if (text === null) return noSuch("There is no such file of a contract.");
  return new Response(text, {
    headers: {
      "content-type": name.endsWith(".json") ? "application/json" : "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
      "cache-control": "public, max-age=3600",
      "access-control-allow-origin": "*",
    },
  });
}
