import "server-only";
import { DomainError } from "@/lib/shared/domain-error";
import type { ModelInput } from "../model-input";
import type { RowAnswer } from "../row-answer";
import { type Bundle, type OpenModel, openModel } from "./open-model";

/** Single answers of this process: how many models stand ready, for how long, and how many people wait. */
export const warmLimits = {
  models: 4,
  idleSeconds: 120,
  waitingPerModel: 8,
  inWorkPerClient: 2,
  answerSeconds: 20,
} as const;

type Warm = {
  opening: Promise<OpenModel>;
  inWork: number;
  idle?: NodeJS.Timeout | undefined;
  usedAt: number;
};
type Pool = { models: Map<string, Warm>; clients: Map<string, number> };

const holder = globalThis as { offcutWarmModels?: Pool };

/** One for this process, however often a bundle loads this file. */
function pool(): Pool {
  return (holder.offcutWarmModels ??= { models: new Map(), clients: new Map() });
}

export type SingleAnswer = { answer: RowAnswer; milliseconds: number };

/**
 * One answer of a model that stands ready, or is made ready first; models that nobody asked for two minutes are closed, and
 * the one that was asked longest ago makes room. Nothing of the input is kept. Throws `try_busy` where too many wait for
 * this model or the same client asks for a third at once, and what `openModel` and `answer` throw.
 */
export async function answerOnce(
  key: string,
  bundle: () => Promise<Bundle>,
  input: ModelInput,
  client: string,
): Promise<SingleAnswer> {
  const { clients } = pool();
  const own = clients.get(client) ?? 0;
  if (own >= warmLimits.inWorkPerClient)
    throw busy("You are trying two models already. Wait for one of them.");
  clients.set(client, own + 1);
  try {
    return await answerOf(key, bundle, input);
  } finally {
    const left = (clients.get(client) ?? 1) - 1;
    if (left > 0) clients.set(client, left);
    else clients.delete(client);
  }
}

async function answerOf(
  key: string,
  bundle: () => Promise<Bundle>,
  input: ModelInput,
): Promise<SingleAnswer> {
  const warm = warmed(key, bundle);
  if (warm.inWork >= warmLimits.waitingPerModel)
    throw busy("Others are trying this model right now. Try again in a minute.");
  warm.inWork += 1;
  clearTimeout(warm.idle);
  try {
    const model = await warm.opening;
    const { answers, computeMilliseconds } = await model.answer([input], warmLimits.answerSeconds);
    return { answer: answers[0] ?? {}, milliseconds: computeMilliseconds };
  } catch (error) {
    forget(key, warm);
    throw error;
  } finally {
    warm.inWork -= 1;
    warm.usedAt = performance.now();
    if (warm.inWork === 0 && pool().models.get(key) === warm)
      warm.idle = setTimeout(() => forget(key, warm), warmLimits.idleSeconds * 1000).unref();
  }
}

function warmed(key: string, bundle: () => Promise<Bundle>): Warm {
  const { models } = pool();
  const known = models.get(key);
  if (known) return known;
  makeRoom();
  const warm: Warm = { opening: bundle().then(openModel), inWork: 0, usedAt: performance.now() };
  // Whoever asked for it is told; nobody else waits for it.
  warm.opening.catch(() => undefined);
  models.set(key, warm);
  return warm;
}

/** Closes what was asked longest ago and has nothing in work. Throws `try_busy` where all are at work. */
function makeRoom(): void {
  const { models } = pool();
  if (models.size < warmLimits.models) return;
  const idle = [...models].filter(([, { inWork }]) => inWork === 0);
  const [oldest] = idle.sort(([, a], [, b]) => a.usedAt - b.usedAt);
  if (!oldest) throw busy("Other models are being tried right now. Try again in a minute.");
  forget(...oldest);
}

function forget(key: string, warm: Warm): void {
  const { models } = pool();
  clearTimeout(warm.idle);
  if (models.get(key) === warm) models.delete(key);
  void warm.opening.then((model) => model.close()).catch(() => undefined);
}

function busy(message: string): DomainError {
  return new DomainError("try_busy", message);
}
