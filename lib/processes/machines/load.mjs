import { createHash, randomInt, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { visitor } from "./visitor.mjs";

/**
 * People at work on a market while its machines die. Each sends a request that was broken off again as it was, as
 * somebody does who saw an error page, and remembers what was acknowledged.
 */

const PASSWORD = "offcut-demo";
/** Several, because a buyer opens thirty deals a day with one seller. */
const BUYERS = ["buyer", "evaluator", "administrator"];
const GIVE_UP_SECONDS = 90;
const FROM_BALANCER = /no machine takes|the machine died/;

const randomAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;

/** What the people of a load know together: what was promised to them, and what should not have been. */
export function openLoad(origin) {
  return {
    origin,
    acked: { messages: [], purchases: [], people: [], uploads: [] },
    /** Every answer of 500 or more that came from a machine while the database stood. */
    errors: [],
    seen: { pages: 0, retries: 0, checkpoints: new Map(), forks: 0, backwards: 0, signedOut: 0 },
    isDatabaseDown: false,
    isOver: false,
  };
}

/** Begins everything; `failed` rejects when somebody gave up, `end` lets what is under way finish. */
export function beginLoad(load, { pages, dealPaths, licensePaths }) {
  const loops = [
    ...[150, 250, 350].map((every) => read(load, pages, every)),
    ...dealPaths.map((path) => write(load, path)),
    ...licensePaths.flatMap((path) => BUYERS.map((name) => buy(load, name, path))),
    signUp(load),
    upload(load),
    watchLog(load),
  ];
  const failed = Promise.all(loops);
  failed.catch(() => (load.isOver = true));
  return { failed, end: () => ((load.isOver = true), failed) };
}

/** Sends until an answer comes that is neither the balancer's nor an error. */
async function persist(load, what, attempt) {
  const until = Date.now() + GIVE_UP_SECONDS * 1000;
  for (;;) {
    const answer = await attempt().catch((error) => ({ status: 0, text: String(error) }));
    if (answer.status >= 200 && answer.status < 500) return answer;
    const isOurs = answer.status >= 500 && !FROM_BALANCER.test(answer.text);
    if (isOurs && !load.isDatabaseDown) load.errors.push(`${what}: ${answer.status}`);
    if (Date.now() > until) throw new Error(`${what} was never answered: ${answer.status} ${answer.text}`);
    load.seen.retries += 1;
    await pause(200);
  }
}

async function enter(load, name) {
  const person = visitor(load.origin);
  await person.signIn(`${name}@demo.offcut.test`, PASSWORD);
  return person;
}

async function open(load, person, path) {
  const page = await persist(load, path, () => person.send(path));
  if (page.status >= 300 && page.location?.includes("/sign-in")) load.seen.signedOut += 1;
  return page;
}

async function read(load, paths, milliseconds) {
  const person = await enter(load, "buyer");
  for (let at = 0; !load.isOver; at++) {
    await open(load, person, paths[at % paths.length]);
    load.seen.pages += 1;
    await pause(milliseconds);
  }
}

async function write(load, dealPath) {
  const person = await enter(load, "buyer");
  while (!load.isOver) {
    const page = await open(load, person, dealPath);
    const body = `Message ${randomUUID()}`;
    const form = person.fill(dealPath, page.text, "Write to", { body });
    const answer = await persist(load, "a message", () => person.submit(form));
    if (answer.status === 200 && answer.text.includes("Sent.")) load.acked.messages.push(body);
    else load.errors.push(`a message: ${answer.status}`);
    await pause(1_500);
  }
}

async function buy(load, name, licensePath) {
  const person = await enter(load, name);
  while (!load.isOver) {
    const page = await open(load, person, licensePath);
    const form = person.fill(licensePath, page.text, "I have read these terms", { agreed: "yes" });
    const answer = await persist(load, "a purchase", () => person.submit(form));
    const deal = /\/deals\/([0-9a-f-]{36})/.exec(answer.location ?? "")?.[1];
    if (deal) load.acked.purchases.push(deal);
    else load.errors.push(`a purchase: ${answer.status}`);
    await pause(15_000);
  }
}

async function signUp(load) {
  while (!load.isOver) {
    // Everybody who signs up has an address of their own, or their limit would be one person's.
    const person = visitor(load.origin, randomAddress());
    const email = `drill-${randomUUID()}@example.test`;
    const page = await persist(load, "/sign-up", () => person.send("/sign-up"));
    const values = { displayName: "Drill", email, password: `${randomUUID()} of the drill` };
    const form = person.fill("/sign-up", page.text, "Open an account", values);
    await persist(load, "a sign-up", () => person.submit(form));
    load.acked.people.push(email);
    await pause(1_000);
  }
}

async function upload(load) {
  const person = await enter(load, "seller");
  const sell = await open(load, person, "/sell");
  const form = person.fill("/sell", sell.text, "Start a draft", {});
  const started = await persist(load, "a draft", () => person.submit(form));
  const draft = started.location.split("/").at(-1);
  for (let at = 0; !load.isOver; at++) {
    const body = Buffer.alloc(1_500_000, `${randomUUID()} a line of notes\n`);
    const path = `/api/uploads?draft=${draft}&name=notes-${at}.txt&part=weights`;
    const headers = { "content-type": "application/octet-stream", "idempotency-key": randomUUID() };
    const send = () => person.send(path, { method: "POST", body, headers });
    const answer = await persist(load, "an upload", send);
    if (answer.status === 200) load.acked.uploads.push(createHash("sha256").update(body).digest("hex"));
    else load.errors.push(`an upload: ${answer.status} ${answer.text.slice(0, 200)}`);
    await pause(500);
  }
}

async function watchLog(load) {
  const { seen } = load;
  const reader = visitor(load.origin);
  let last = 0n;
  while (!load.isOver) {
    const { text } = await persist(load, "the checkpoint", () => reader.send("/log/1/checkpoint"));
    const [, size, root] = text.split("\n");
    if ((seen.checkpoints.get(size) ?? root) !== root) seen.forks += 1;
    if (BigInt(size) < last) seen.backwards += 1;
    last = BigInt(size);
    seen.checkpoints.set(size, root);
    await pause(100);
  }
}
