import "server-only";

/** Requests that a client may make at once, and so many of each second after them: more than anybody reads. */
export const BURST = 200;
export const PER_SECOND = 5;
export const MAX_IN_WORK = 6;
const MAX_WAITING = 40;
/** Whoever came within this time is somebody to make room for. */
const OTHERS_MS = 2_000;
const FULL_HOUSE_MS = 50;
const MAX_CLIENTS = 10_000;

type Account = { used: number; at: number; inWork: number; waiting: number };

/**
 * Divides one process between clients. A client that is alone may ask as much as it likes. While others come too, one that
 * has used up its burst waits for each further request, and has at most six in work and forty waiting. All times are
 * milliseconds of one clock; nothing here waits by itself.
 */
export class FairShare {
  /** In the order in which they came last. */
  private readonly accounts = new Map<string, Account>();

  /** Takes a request in to wait for its turn; false when too many of its client do already. `leave` follows. */
  enter(client: string, now: number): boolean {
    const account = this.accountOf(client, now);
    if (account.waiting >= MAX_WAITING) return false;
    account.waiting += 1;
    return true;
  }

  leave(client: string): void {
    const account = this.accounts.get(client);
    if (account) account.waiting = Math.max(0, account.waiting - 1);
  }

  /** How long a request has to wait before it asks again; 0 when it may begin, and then `end` follows. */
  begin(client: string, now: number): number {
    const account = this.accountOf(client, now);
    if (!this.isAlone(client, now)) {
      if (account.inWork >= MAX_IN_WORK) return FULL_HOUSE_MS;
      if (account.used > BURST - 1) return Math.ceil(((account.used - BURST + 1) / PER_SECOND) * 1_000);
    }
    // What was had while alone is no debt.
    account.used = Math.min(account.used + 1, BURST);
    account.inWork += 1;
    return 0;
  }

  end(client: string): void {
    const account = this.accounts.get(client);
    if (account) account.inWork = Math.max(0, account.inWork - 1);
  }

  private accountOf(client: string, now: number): Account {
    const account = this.accounts.get(client) ?? { used: 0, at: now, inWork: 0, waiting: 0 };
    account.used = Math.max(0, account.used - ((now - account.at) / 1_000) * PER_SECOND);
    account.at = now;
    this.accounts.delete(client);
    this.accounts.set(client, account);
    if (this.accounts.size > MAX_CLIENTS) this.accounts.delete(this.accounts.keys().next().value ?? client);
    return account;
  }

  private isAlone(client: string, now: number): boolean {
    const [latest, before] = [...this.accounts.keys()].slice(-2).reverse();
    const other = latest === client ? before : latest;
    return other === undefined || now - (this.accounts.get(other)?.at ?? 0) > OTHERS_MS;
  }
}
