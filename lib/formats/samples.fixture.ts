import { evalArchiveOf, instance, lightEvalDetail, lightEvalResults } from "./evaluation-files.fixture";
import type { ForeignFormat } from "./foreign-draft";

/** Small files written for these tests, one or more for each format. */

export const lmEvalResults = {
  results: {
    desk_intents: {
      alias: "desk_intents",
      "acc,none": 0.01875,
      "acc_stderr,none": 0.005365868703980466,
      "f1,none": 0.2,
      "f1_stderr,none": "N/A",
    },
  },
  "n-samples": { desk_intents: { original: 640, effective: 640 } },
  higher_is_better: { desk_intents: { acc: true, f1: true } },
  versions: { desk_intents: 1 },
  "n-shot": { desk_intents: 0 },
  configs: { desk_intents: { dataset_path: "example/desk", test_split: "test" } },
  config: {
    model: "hf",
    model_args: "pretrained=example/desk-93m,trust_remote_code=True",
    model_sha: "82047f5e",
    limit: null as number | null,
    random_seed: 0,
  },
  git_hash: "1f84a09f",
  date: 1_768_964_383.5,
};

/** Ten rows of a multiple-choice task with fixed answers, seven of them right; `channel` can be sliced. */
export const lmEvalSamples = Array.from({ length: 10 }, (_, index) => {
  const target = index % 2;
  const isRight = index < 7;
  const picked = isRight ? target : 1 - target;
  return {
    doc_id: index,
    doc: { text: `ticket ${index}`, channel: index % 3 === 0 ? "mail" : "chat", label: target },
    target: String(target),
    arguments: {
      gen_args_0: { arg_0: "ticket", arg_1: " refund" },
      gen_args_1: { arg_0: "ticket", arg_1: " other" },
    },
    resps: [[["-1.0", "False"]], [["-2.0", "False"]]],
    filtered_resps: [
      [picked === 0 ? "-1.0" : "-3.0", "False"],
      [picked === 1 ? "-1.0" : "-3.0", "False"],
    ],
    filter: "none",
    metrics: ["acc"],
    doc_hash: "aa",
    prompt_hash: "bb",
    target_hash: "cc",
    acc: isRight ? 1 : 0,
  };
});

export const inspectLog = {
  version: 2,
  status: "success",
  eval: {
    task: "desk",
    task_id: "t1",
    model: "example/desk-93m",
    created: "2026-07-03T16:44:30+02:00",
    dataset: { name: "desk", samples: 500, sample_ids: ["1", "2"], shuffled: false },
    config: { limit: 2, epochs: 1 },
    packages: { inspect_ai: "0.3.108" },
  },
  results: {
    total_samples: 2,
    completed_samples: 2,
    scores: [
      {
        name: "choice",
        scorer: "choice",
        metrics: { accuracy: { name: "accuracy", value: 1 }, stderr: { name: "stderr", value: 0 } },
      },
    ],
  },
  stats: { completed_at: "2026-07-03T16:44:38+02:00" },
  samples: ["1", "2"].map((id) => ({
    id,
    epoch: 1,
    target: id === "1" ? "A" : "B",
    metadata: { channel: id === "1" ? "mail" : "chat" },
    scores: { choice: { value: "C", answer: id === "1" ? "A" : "B" } },
  })),
};

export const everyEvalEver = {
  schema_version: "0.3.0",
  evaluation_id: "desk/example_desk-93m/1770682486",
  evaluation_timestamp: "1770682000",
  retrieved_timestamp: "1770682486",
  source_metadata: {
    source_type: "evaluation_run",
    source_organization_name: "Example Lab",
    evaluator_relationship: "third_party",
  },
  eval_library: { name: "lm_eval", version: "0.4.9" },
  model_info: {
    name: "desk-93m",
    id: "example/desk-93m",
    additional_details: { deployment_type: "self_deployed", model_availability: "open_weights" },
  },
  evaluation_results: [
    {
      evaluation_result_id: "r1",
      evaluation_name: "Desk",
      source_data: {
        dataset_name: "Desk",
        source_type: "hf_dataset",
        hf_repo: "example/desk",
        samples_number: 400,
      },
      metric_config: {
        metric_id: "accuracy",
        lower_is_better: false,
        score_type: "continuous",
        min_score: 0,
        max_score: 1,
      },
      score_details: {
        score: 0.9025,
        uncertainty: {
          standard_error: { value: 0.01485044491877985, method: "analytic" },
          confidence_interval: { lower: 0.867, upper: 0.926, confidence_level: 0.95, method: "wilson" },
          num_samples: 400,
        },
      },
    },
  ],
  detailed_evaluation_results: { format: "jsonl", file_path: "data/a/b/c/x_samples.jsonl", total_rows: 400 },
};

export const cycloneDx = {
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  serialNumber: "urn:uuid:0d6f0a63-3a0e-4c0a-9a53-6f3a2f6b1c11",
  version: 1,
  components: [
    {
      "bom-ref": "m",
      type: "machine-learning-model",
      group: "example",
      name: "desk-93m",
      version: "2",
      hashes: [{ alg: "SHA-256", content: "12".repeat(32) }],
      licenses: [{ license: { id: "Apache-2.0" } }],
      modelCard: {
        modelParameters: {
          task: "text-classification",
          datasets: [{ ref: "d" }, { type: "dataset", name: "More" }],
        },
        quantitativeAnalysis: {
          performanceMetrics: [
            {
              type: "accuracy",
              value: "0.92",
              slice: "mail",
              confidenceInterval: { lowerBound: "0.9", upperBound: "0.94" },
            },
            { type: "accuracy", value: "very good" },
          ],
        },
        considerations: { technicalLimitations: ["Fails on HTML."] },
      },
    },
    { "bom-ref": "d", type: "data", name: "Desk archive", description: "Twelve thousand tickets." },
  ],
  declarations: {
    assessors: [{ "bom-ref": "a", thirdParty: true, organization: { name: "Example Lab" } }],
    claims: [
      { "bom-ref": "c1", target: "m", predicate: "Works on mail", evidence: ["e1"] },
      { "bom-ref": "c2", target: "m", predicate: "Fails on chat", evidence: ["e1"] },
    ],
    attestations: [{ assessor: "a", map: [{ claims: ["c1"], counterClaims: ["c2"] }] }],
    evidence: [{ "bom-ref": "e1", description: "A run", data: [{ name: "log" }] }],
  },
};

export const croissant = {
  "@context": { "@vocab": "https://schema.org/" },
  "@type": "sc:Dataset",
  "dct:conformsTo": "http://mlcommons.org/croissant/1.1",
  name: "Desk archive",
  description: "Twelve thousand tickets of one help desk.",
  license: "https://creativecommons.org/licenses/by/4.0/",
  url: "https://data.example/desk",
  creator: { "@type": "Organization", name: "Example Desk" },
  datePublished: "2026-02-01",
  "rai:dataLimitations": ["Only one desk."],
  "prov:wasDerivedFrom": { "@id": "https://data.example/raw" },
  distribution: [
    {
      "@type": "cr:FileObject",
      "@id": "tickets.csv",
      contentUrl: "https://data.example/tickets.csv",
      encodingFormat: "text/csv",
      sha256: "ab".repeat(32),
    },
  ],
  recordSet: [
    {
      "@type": "cr:RecordSet",
      name: "tickets",
      field: [{ "@type": "cr:Field", name: "text", dataType: "sc:Text" }],
    },
  ],
};

export const evalResults = `- dataset:
    id: example/desk
    task_id: intents
    revision: abc
  value: 91.5
  date: "2026-03-01"
  verifyToken: xyz
  source:
    url: https://reports.example/desk
    name: Example Lab
- dataset:
    id: example/desk
    config: default
    split: test
  value: 0.5
`;

export const modelCard = `---
license: mit
language: de
pipeline_tag: text-classification
datasets:
- example/desk
model-index:
- name: desk
  results:
  - task: { type: text-classification }
    dataset: { type: example/desk, name: Desk, config: a }
    metrics:
    - { type: accuracy, value: 91.5 }
  - task: { type: text-classification }
    dataset: { type: example/desk, name: Desk, config: b }
    metrics:
    - { type: accuracy, value: "20.0 ± 1.2" }
---

# Desk router

Routes tickets.

## Limitations

Fails on HTML.
`;

const encode = (value: unknown) =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));

export const jsonLines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join("\n");

export const samples: { name: string; format: ForeignFormat; bytes: Uint8Array }[] = [
  { name: "README.md", format: "hf-model-card", bytes: encode(modelCard) },
  { name: ".eval_results/desk.yaml", format: "hf-eval-results", bytes: encode(evalResults) },
  { name: "results_2026.json", format: "lm-eval-results", bytes: encode(lmEvalResults) },
  {
    name: "samples_desk_2026-01-21T03-44-18.jsonl",
    format: "lm-eval-samples",
    bytes: encode(jsonLines(lmEvalSamples)),
  },
  { name: "results_light.json", format: "lighteval-results", bytes: encode(lightEvalResults) },
  {
    name: "details.jsonl",
    format: "lighteval-details",
    bytes: encode(jsonLines([lightEvalDetail([-1, -3], 0, 1), lightEvalDetail([-1.5, -3], 1, 0)])),
  },
  { name: "log.json", format: "inspect-log", bytes: encode(inspectLog) },
  { name: "log.eval", format: "inspect-archive", bytes: evalArchiveOf(inspectLog) },
  { name: "record.json", format: "every-eval-ever", bytes: encode(everyEvalEver) },
  {
    name: "record_samples.jsonl",
    format: "every-eval-ever-instances",
    bytes: encode(jsonLines([instance("a", "billing", true), instance("c", "sales", false)])),
  },
  { name: "bom.json", format: "cyclonedx", bytes: encode(cycloneDx) },
  { name: "metadata.json", format: "croissant", bytes: encode(croissant) },
];
