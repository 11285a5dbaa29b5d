import { parseRecord } from "@/lib/shared/encoding";
import { isObject } from "@/lib/shared/is-object";
import type { ArtifactFacts, ArtifactReader } from "./structure-cursor";

/** A file of a model, with the files that it names where it is an index of weights. */
export type PartOfModel = { path: string; shards?: readonly string[] };

/** Weights that are not here, and the file that says they belong to the model. */
export type MissingShards = { path: string; count: number; first: string[] };

const MAX_INDEX_BYTES = 8 * 1024 * 1024;
const MAX_SHARDS = 2_000;
const MAX_NAMED = 10;
const NUMBERED = /^(?<stem>.*-)(?<at>\d{5})-of-(?<of>\d{5})(?<ending>\.[\w.]{1,40})$/;

/**
 * The files that an index of weights names (`*.index.json` of up to 8 MB, in the form of Transformers); nothing for other
 * files.
 */
export async function indexFacts(name: string, reader: ArtifactReader): Promise<ArtifactFacts> {
  if (!name.toLowerCase().endsWith(".index.json") || reader.sizeBytes > MAX_INDEX_BYTES) return {};
  const map = parseRecord(new TextDecoder().decode(await reader.read(0, reader.sizeBytes)))?.["weight_map"];
  if (!isObject(map)) return {};
  const names = new Set(Object.values(map).filter((file) => typeof file === "string" && file.length <= 500));
  return names.size > MAX_SHARDS ? {} : { shards: [...(names as Set<string>)].sort() };
}

/** What of a model's weights is not among its files: by its index, and by names that count their parts. */
export function missingShards(files: readonly PartOfModel[]): MissingShards[] {
  const here = new Set(files.map(({ path }) => path));
  const indexed = new Set<string>();
  const byIndex = files.flatMap(({ path, shards = [] }) => {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const named = shards.map((shard) => `${folder}${shard}`);
    for (const shard of named) indexed.add(shard);
    return shortfall(path, named, here);
  });
  const sets = new Map<string, string>();
  for (const { path } of files) {
    const { stem, of, ending } = NUMBERED.exec(path)?.groups ?? {};
    if (stem !== undefined && !indexed.has(path) && !sets.has(`${stem}${of}${ending}`))
      sets.set(`${stem}${of}${ending}`, path);
  }
  const byNumber = [...sets.values()].flatMap((path) => {
    const { stem = "", of = "", ending = "" } = NUMBERED.exec(path)?.groups ?? {};
    const numbers = Array.from({ length: Math.min(Number(of), MAX_SHARDS) }, (_, index) =>
      String(index + 1).padStart(5, "0"),
    );
    return shortfall(
      path,
      numbers.map((number) => `${stem}${number}-of-${of}${ending}`),
      here,
    );
  });
  return [...byIndex, ...byNumber];
}

/** Said of weights that are not here. */
export function missingText({ path, count, first }: MissingShards): string {
  const files = count === 1 ? "a file that is" : `${count.toLocaleString("en")} files that are`;
  const more = count > first.length ? `, and ${(count - first.length).toLocaleString("en")} more` : "";
  return `${path} belongs with ${files} not here: ${first.join(", ")}${more}.`;
}

function shortfall(path: string, named: readonly string[], here: ReadonlySet<string>): MissingShards[] {
  const missing = named.filter((one) => !here.has(one));
  return missing.length === 0 ? [] : [{ path, count: missing.length, first: missing.slice(0, MAX_NAMED) }];
}
