import { z } from "zod";
import { type Sentence, counted, date, digest, sentence, strong } from "../sentence";
import { statementKind } from "./kind";

/** SLSA provenance v1, as far as it is read here: what built it, from what, and when. Everything else is kept. */
const slsaProvenancePredicateSchema = z.object({
  buildDefinition: z.object({
    buildType: z.string().max(2_000),
    externalParameters: z.record(z.string(), z.unknown()),
    internalParameters: z.record(z.string(), z.unknown()).optional(),
    resolvedDependencies: z.array(z.record(z.string(), z.unknown())).max(10_000).optional(),
  }),
  runDetails: z.object({
    builder: z.object({ id: z.string().max(2_000) }),
    metadata: z
      .object({
        invocationId: z.string().max(2_000).optional(),
        startedOn: z.iso.datetime({ offset: true }).optional(),
        finishedOn: z.iso.datetime({ offset: true }).optional(),
      })
      .optional(),
  }),
});
type SlsaProvenance = z.infer<typeof slsaProvenancePredicateSchema>;

/** How files were built, in the form of SLSA (https://slsa.dev/provenance/v1), accepted as it is. */
export const slsaProvenanceKind = statementKind({
  name: "slsa-provenance",
  predicateType: "https://slsa.dev/provenance/v1",
  title: "Build provenance",
  schema: slsaProvenancePredicateSchema,
  doesNotProve: [
    "that the builder it names exists or was asked: only the signer's word stands behind it",
    "that the build had no other inputs",
  ],
  speakerOf: () => ({ by: "signer" }),
  pastOf: ({ runDetails: { metadata } }) => [metadata?.startedOn, metadata?.finishedOn],
  spansOf: ({ runDetails: { metadata } }) => [[metadata?.startedOn, metadata?.finishedOn]],
  sentencesOf: ({ predicate, subject }) => {
    const { buildDefinition, runDetails } = predicate;
    const inputs = buildDefinition.resolvedDependencies;
    return {
      headline: sentence(
        ": the files (",
        digest(subject[0]?.digest.sha256 ?? ""),
        ") were built by ",
        strong(runDetails.builder.id),
        ".",
      ),
      facts: [
        sentence(`Kind of build: ${buildDefinition.buildType}`),
        ...(inputs ? [sentence(`${counted(inputs.length, "input")} named.`)] : []),
        ...timeFacts(runDetails.metadata),
      ],
    };
  },
});

function timeFacts(metadata: SlsaProvenance["runDetails"]["metadata"]): Sentence[] {
  return metadata?.finishedOn ? [sentence("Finished on ", date(metadata.finishedOn), ".")] : [];
}
