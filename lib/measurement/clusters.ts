/** What shows that rows belong together. */
export const clusterSources = ["cluster_column", "repeated_ids", "near_copies"] as const;
export type ClusterSource = (typeof clusterSources)[number];

/** In words, as pages say it after "rows that share". */
export const clusterSourceWords: Record<ClusterSource, string> = {
  cluster_column: "a value of the cluster column",
  repeated_ids: "an id",
  near_copies: "nearly the same input",
};

/**
 * Which rows belong together, from everything that shows it: whoever is joined to one of two is joined to both.
 * Rows are numbered from 0.
 */
export class ClusterUnion {
  private parents = new Int32Array(1024).map((_, row) => row);
  private readonly found = new Set<ClusterSource>();
  private readonly firstOf = new Map<string, number>();

  /** The row has this value of a column that names clusters or ids; equal values of one column belong together. */
  name(row: number, source: ClusterSource, column: number, value: string): void {
    if (source === "cluster_column") this.found.add(source);
    const key = `${column} ${value}`;
    const first = this.firstOf.get(key);
    if (first === undefined) this.firstOf.set(key, row);
    else this.join(first, row, source);
  }

  join(one: number, other: number, source: ClusterSource): void {
    this.reach(Math.max(one, other));
    this.found.add(source);
    const [low, high] = [this.rootOf(one), this.rootOf(other)].sort((a, b) => a - b) as [number, number];
    this.parents[high] = low;
  }

  areJoined(one: number, other: number): boolean {
    this.reach(Math.max(one, other));
    return this.rootOf(one) === this.rootOf(other);
  }

  /** The first row of a row's cluster; the row itself where nothing joins it. */
  rootOf(row: number): number {
    this.reach(row);
    let root = row;
    while (this.parentOf(root) !== root) {
      this.parents[root] = this.parentOf(this.parentOf(root));
      root = this.parentOf(root);
    }
    return root;
  }

  /** In a fixed order; empty where nothing joins rows and no column names clusters. */
  get from(): ClusterSource[] {
    return clusterSources.filter((source) => this.found.has(source));
  }

  private parentOf(row: number): number {
    return this.parents[row] ?? row;
  }

  private reach(row: number): void {
    if (row < this.parents.length) return;
    const longer = new Int32Array(Math.max(row + 1, this.parents.length * 2)).map((_, place) => place);
    longer.set(this.parents);
    this.parents = longer;
  }
}
