/** What a seller can bring from elsewhere, and what each gives. */
export function ReadableFormats() {
  return (
    <details className="text-sm">
      <summary className="min-h-6 text-ink-2">Files that can be read</summary>
      <dl className="grid gap-x-4 gap-y-1 pt-2 sm:grid-cols-[auto_1fr]">
        {formats.map(([name, gives]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="pb-1 text-ink-2 sm:pb-0">{gives}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

const formats = [
  ["Hugging Face README.md", "title, task, languages, licence, data, stated figures"],
  ["Hugging Face .eval_results/*.yaml", "stated figures"],
  ["lm-evaluation-harness results_*.json", "stated figures, errors recomputed"],
  ["lm-evaluation-harness samples_*.jsonl, .parquet", "rows, counted here slice by slice"],
  ["LightEval results_*.json", "stated figures, errors recomputed"],
  ["LightEval details_*.parquet", "rows, counted here slice by slice"],
  ["Inspect log (.eval or JSON)", "stated figures and rows, counted here"],
  ["Every Eval Ever", "stated figures and who measured them; its instances as rows"],
  ["CycloneDX 1.5 to 1.7", "card, figures, data, limits and counter-claims"],
  ["OpenSSF Model Signing bundle", "signed list of files, held against yours"],
  ["Croissant 1.0 and 1.1", "where data comes from"],
] as const;
