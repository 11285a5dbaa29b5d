import "server-only";
import { DomainError } from "@/lib/shared/domain-error";

type Turn = { accountId: string; begin: () => void };
type Lane = { isBusy: boolean; waiting: Turn[]; maxWaiting: number };

/**
 * Turns at reading, in lanes that do not wait for each other. A lane has one thing in work at a time, in the order of
 * arrival, but an account has one in work over all lanes and `waitingOfAccount` waiting in each: its next lets others
 * pass. Throws `reading_busy` when more wait than the lane takes, for one more of an account, and after `waitSeconds`.
 */
export class Turns<Name extends string> {
  private readonly lanes: Record<Name, Lane>;
  private readonly inWork = new Set<string>();

  constructor(
    maxWaiting: Record<Name, number>,
    private readonly waitSeconds: number,
    private readonly waitingOfAccount = 1,
  ) {
    const entries = Object.entries<number>(maxWaiting);
    this.lanes = Object.fromEntries(
      entries.map(([name, most]) => [name, { isBusy: false, waiting: [], maxWaiting: most }]),
    ) as unknown as Record<Name, Lane>;
  }

  async run<T>(name: Name, accountId: string, work: () => Promise<T>): Promise<T> {
    const lane = this.lanes[name];
    await this.turn(lane, accountId);
    try {
      return await work();
    } finally {
      lane.isBusy = false;
      this.inWork.delete(accountId);
      this.beginNext();
    }
  }

  private turn(lane: Lane, accountId: string): Promise<void> {
    const { waiting, maxWaiting } = lane;
    if (waiting.filter((turn) => turn.accountId === accountId).length >= this.waitingOfAccount)
      throw busy("Two things of yours are being read already. Try again when one of them is done.");
    if (waiting.length >= maxWaiting) throw busy("Too much is being read right now. Try again in a minute.");
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(turn), 1);
        reject(busy("What others sent is still being read. Try again in a minute."));
      }, this.waitSeconds * 1000);
      const begin = () => {
        clearTimeout(timer);
        resolve();
      };
      const turn: Turn = { accountId, begin };
      waiting.push(turn);
      this.beginNext();
    });
  }

  private beginNext(): void {
    for (const lane of Object.values<Lane>(this.lanes)) {
      if (lane.isBusy) continue;
      const place = lane.waiting.findIndex(({ accountId }) => !this.inWork.has(accountId));
      const [next] = place === -1 ? [] : lane.waiting.splice(place, 1);
      if (!next) continue;
      lane.isBusy = true;
      this.inWork.add(next.accountId);
      next.begin();
    }
  }
}

function busy(message: string): DomainError {
  return new DomainError("reading_busy", message);
}
