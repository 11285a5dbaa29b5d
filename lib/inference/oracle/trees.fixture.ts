import { type OnnxNode, attribute } from "@/lib/artifact/onnx-writer";
import { type OracleCase, type Random, numbers, tableOf } from "./case.fixture";
import { POST, classCase, head, headFile, numberCase } from "./heads.fixture";

type Leaf = { weights: readonly number[] };
type Branch = { feature: number; value: number; yes: Tree; no: Tree };
type Tree = Leaf | Branch;

const COLUMNS = 6;
const DEPTH = 4;

/** A full tree whose thresholds are 32-bit floats, as the file holds them. */
function grown(random: Random, leaf: () => Leaf, depth = DEPTH): Tree {
  if (depth === 0) return leaf();
  const [value = 0] = numbers(random, 1);
  return {
    feature: Math.floor(random() * COLUMNS),
    value,
    yes: grown(random, leaf, depth - 1),
    no: grown(random, leaf, depth - 1),
  };
}

/** BRANCH_LEQ: the left way where the feature is at most the threshold. */
function leafOf(tree: Tree, row: readonly number[]): Leaf {
  if (!("feature" in tree)) return tree;
  return leafOf((row[tree.feature] ?? 0) <= tree.value ? tree.yes : tree.no, row);
}

type Listed = Record<
  "trees" | "ids" | "features" | "yes" | "no" | "leafTrees" | "leafIds" | "targets",
  number[]
> & {
  values: number[];
  weights: number[];
  modes: string[];
};

/** The trees as the lists of a TreeEnsemble; a leaf's weights go to the targets of the same place. */
function listed(trees: readonly Tree[], targetOf: (place: number) => number): Listed {
  const lists: Listed = {
    trees: [],
    ids: [],
    features: [],
    yes: [],
    no: [],
    leafTrees: [],
    leafIds: [],
    targets: [],
    values: [],
    weights: [],
    modes: [],
  };
  trees.forEach((tree, number) => {
    let next = 0;
    const visit = (node: Tree): number => {
      const id = next++;
      const isLeaf = !("feature" in node);
      const at = lists.ids.push(id) - 1;
      lists.trees.push(number);
      lists.features.push(isLeaf ? 0 : node.feature);
      lists.values.push(isLeaf ? 0 : node.value);
      lists.modes.push(isLeaf ? "LEAF" : "BRANCH_LEQ");
      lists.yes.push(0);
      lists.no.push(0);
      if (isLeaf) {
        node.weights.forEach((weight, place) => {
          lists.leafTrees.push(number);
          lists.leafIds.push(id);
          lists.targets.push(targetOf(place));
          lists.weights.push(weight);
        });
      } else {
        lists.yes[at] = visit(node.yes);
        lists.no[at] = visit(node.no);
      }
      return id;
    };
    visit(tree);
  });
  return lists;
}

function treeAttributes(lists: Listed, leaf: "class" | "target"): NonNullable<OnnxNode["attributes"]> {
  return {
    [`${leaf}_ids`]: attribute.ints(lists.targets),
    [`${leaf}_nodeids`]: attribute.ints(lists.leafIds),
    [`${leaf}_treeids`]: attribute.ints(lists.leafTrees),
    [`${leaf}_weights`]: attribute.floats(lists.weights),
    nodes_falsenodeids: attribute.ints(lists.no),
    nodes_featureids: attribute.ints(lists.features),
    nodes_hitrates: attribute.floats(lists.values.map(() => 1)),
    nodes_missing_value_tracks_true: attribute.ints(lists.values.map(() => 0)),
    nodes_modes: attribute.texts(lists.modes),
    nodes_nodeids: attribute.ints(lists.ids),
    nodes_treeids: attribute.ints(lists.trees),
    nodes_truenodeids: attribute.ints(lists.yes),
    nodes_values: attribute.floats(lists.values),
  };
}

const sums = (trees: readonly Tree[], row: readonly number[], count: number, base: readonly number[] = []) =>
  trees
    .map((tree) => leafOf(tree, row).weights)
    .reduce<number[]>(
      (total, weights) => total.map((sum, at) => sum + (weights[at] ?? 0)),
      Array.from({ length: count }, (_, at) => base[at] ?? 0),
    );

function classifier(
  trees: readonly Tree[],
  post: keyof typeof POST,
  classes: number,
  targetOf: (place: number) => number,
  base: readonly number[] = [],
) {
  return head("TreeEnsembleClassifier", {
    ...(base.length > 0 ? { base_values: attribute.floats(base) } : {}),
    ...treeAttributes(listed(trees, targetOf), "class"),
    classlabels_int64s: attribute.ints(Array.from({ length: classes }, (_, at) => at)),
    post_transform: attribute.text(post),
  });
}

/**
 * Two classes: the scores alone. Every version names the wrong class for some ways to store the leaves, so the gate names no label
 * output of such trees, and the class is taken from the scores.
 */
function pairCase(...about: Parameters<typeof classCase>): OracleCase {
  const { labels: _notAsked, ...scored } = classCase(...about);
  return scored;
}

const rowsOf = (random: Random, count: number) => tableOf(numbers(random, count * COLUMNS), COLUMNS);

/** The share of a class in each leaf, over the trees of a forest, so that the sums are probabilities. */
function shares(random: Random, classes: number, trees: number): Leaf {
  const parts = Array.from({ length: classes }, () => random() ** 3);
  const sum = parts.reduce((total, part) => total + part, 0);
  return { weights: parts.map((part) => Math.fround(part / sum / trees)) };
}

/** Forests as scikit-learn's converters write them: shares in the leaves, no transform. */
export function forests(random: Random, rowCount: number): OracleCase[] {
  return [2, 3, 5].map((classes) => {
    const trees = Array.from({ length: 10 }, () => grown(random, () => shares(random, classes, 10)));
    const rows = rowsOf(random, rowCount);
    const right = rows.map((row) => sums(trees, row, classes));
    const file = headFile(COLUMNS, classes, [classifier(trees, "NONE", classes, (place) => place)]);
    const name = `forest of ${classes} classes, a weight for each`;
    return classes === 2 ? pairCase(name, file, rows, right) : classCase(name, file, rows, right);
  });
}

/** Two classes and one weight a leaf: the score of the second class, and what is left of one for the first. */
export function singleWeightForests(random: Random, rowCount: number): OracleCase[] {
  return [10, 100].map((count) => {
    const trees = Array.from({ length: count }, () =>
      grown(random, () => ({ weights: shares(random, 2, count).weights.slice(1) })),
    );
    const rows = rowsOf(random, rowCount);
    const right = rows.map((row) => sums(trees, row, 1).flatMap((score) => [1 - score, score]));
    const file = headFile(COLUMNS, 2, [classifier(trees, "NONE", 2, () => 0)]);
    return pairCase(`forest of two classes, ${count} trees, one weight a leaf`, file, rows, right);
  });
}

/** Boosted trees of two classes as XGBoost's and LightGBM's converters write them: margins, a base value, LOGISTIC. */
export function boostedPairs(random: Random, rowCount: number): OracleCase[] {
  const leaves = {
    "margins of both signs": () => numbers(random, 1, 0.4),
    "positive margins only": () => numbers(random, 1, 0.4).map(Math.abs),
  };
  return Object.entries(leaves).flatMap(([kind, weights]) =>
    [[], [Math.fround(-0.3)], [Math.fround(-2.5)]].map((base) => {
      const trees = Array.from({ length: 12 }, () => grown(random, () => ({ weights: weights() })));
      const rows = rowsOf(random, rowCount);
      const right = rows.map((row) =>
        POST.LOGISTIC(sums(trees, row, 1, base).flatMap((score) => [-score, score])),
      );
      const file = headFile(COLUMNS, 2, [classifier(trees, "LOGISTIC", 2, () => 0, base)]);
      return pairCase(`boosted pair, ${kind}, base ${base[0]?.toFixed(1) ?? "none"}`, file, rows, right);
    }),
  );
}

/** Boosted trees of many classes: tree after tree for one class after another, SOFTMAX over the sums. */
export function boostedClasses(random: Random, rowCount: number): OracleCase[] {
  const classes = 4;
  const trees = Array.from({ length: 16 }, (_, number) =>
    grown(random, () => {
      const [margin = 0] = numbers(random, 1);
      return {
        weights: Array.from({ length: classes }, (_unused, at) => (at === number % classes ? margin : 0)),
      };
    }),
  );
  const rows = rowsOf(random, rowCount);
  const right = rows.map((row) => POST.SOFTMAX(sums(trees, row, classes)));
  const file = headFile(COLUMNS, classes, [classifier(trees, "SOFTMAX", classes, (place) => place)]);
  return [classCase("boosted trees of four classes", file, rows, right)];
}

export function regressionTrees(random: Random, rowCount: number): OracleCase[] {
  return (["SUM", "AVERAGE"] as const).map((aggregate) => {
    const trees = Array.from({ length: 9 }, () => grown(random, () => ({ weights: numbers(random, 1) })));
    const rows = rowsOf(random, rowCount);
    const right = rows.map((row) =>
      sums(trees, row, 1).map((sum) => (aggregate === "SUM" ? sum : sum / trees.length)),
    );
    const node = head("TreeEnsembleRegressor", {
      ...treeAttributes(
        listed(trees, () => 0),
        "target",
      ),
      n_targets: attribute.int(1),
      aggregate_function: attribute.text(aggregate),
      post_transform: attribute.text("NONE"),
    });
    return numberCase(`regression trees, ${aggregate}`, node, rows, right);
  });
}
