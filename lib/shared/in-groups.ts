/**
 * Handles single items in groups: those that come while a group is under way make up the next one. What `handle` gives
 * or throws for a group belongs to its items one by one, in their order.
 */
export function inGroups<Item, Outcome>(
  mostInGroup: number,
  handle: (items: readonly Item[]) => Promise<readonly Outcome[]>,
): (item: Item) => Promise<Outcome> {
  type Waiting = { item: Item; resolve: (outcome: Outcome) => void; reject: (error: unknown) => void };
  const waiting: Waiting[] = [];
  let isRunning = false;

  async function settle(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await handle(group.map(({ item }) => item));
      if (outcomes.length !== group.length) throw new Error("A group has one outcome for each item.");
      group.forEach(({ resolve }, at) => resolve(outcomes[at] as Outcome));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  async function run(): Promise<void> {
    isRunning = true;
    // Whoever is ready at this moment comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) await settle(waiting.splice(0, mostInGroup));
    isRunning = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isRunning) void run();
    });
}
