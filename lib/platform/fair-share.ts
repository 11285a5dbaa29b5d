import "server-only";
/** What a client may have had of this process at once, in milliseconds of its requests' time. */
export const BURST_MS = 10_000;
/** And what it may go on having, of each second. */
export const SHARE = 0.125;
export const MAX_IN_WORK = 6;
/** Whoever came within this time is somebody to make room for. */
const OTHERS_MS = 2_000;
/** A download or a slow answer counts no longer than this. */
export const MAX_CHARGE_MS = 1_000;
/** What is above the burst is made up for within eight seconds, so nobody pays for long for what was had while alone. */
const MAX_DEBT_MS = MAX_CHARGE_MS;
const MAX_WAITING = 40;
const MAX_CLIENTS = 10_000;

type Account = { workMs: number; at: number; inWork: number; waiting: number };

/**
 * Divides one process between clients, by the time their requests take. A client that is alone may have all of it. While
 * others come too, one that has used up its burst waits until its share of the time has made up for it, and has at most
 * six requests in work and forty waiting. All times are milliseconds of one clock; nothing here waits by itself.
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
    if (this.isAlone(client, now)) return start(account);
    if (account.inWork >= MAX_IN_WORK) return 50;
    return account.workMs > BURST_MS ? Math.ceil((account.workMs - BURST_MS) / SHARE) : start(account);
  }

  end(client: string, tookMs: number, now: number): void {
    const account = this.accounts.get(client);
    if (!account) return;
    drain(account, now);
    account.inWork = Math.max(0, account.inWork - 1);
    const took = Math.min(Math.max(tookMs, 0), MAX_CHARGE_MS);
    account.workMs = Math.min(account.workMs + took, BURST_MS + MAX_DEBT_MS);
  }

  private accountOf(client: string, now: number): Account {
    const account = this.accounts.get(client) ?? { workMs: 0, at: now, inWork: 0, waiting: 0 };
    this.accounts.delete(client);
    this.accounts.set(client, account);
    drain(account, now);
    if (this.accounts.size > MAX_CLIENTS) this.accounts.delete(this.accounts.keys().next().value ?? client);
    return account;
  }

  private isAlone(client: string, now: number): boolean {
    const [latest, before] = [...this.accounts.keys()].slice(-2).reverse();
    const other = latest === client ? before : latest;
    return other === undefined || now - (this.accounts.get(other)?.at ?? 0) > OTHERS_MS;
  }
}

function start(account: Account): 0 {
  account.inWork += 1;
  return 0;
}

function drain(account: Account, now: number): void {
  account.workMs = Math.max(0, account.workMs - (now - account.at) * SHARE);
  account.at = now;
}
