import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { buildForProduction } from "../launch/build.mjs";
import { inScratch } from "../launch/in-scratch.mjs";
import { pathWithPinnedNode, pinnedNode, root } from "../launch/places.mjs";
import { freePort, startPostgres } from "../launch/postgres.mjs";
import { endProcess, run } from "../launch/processes.mjs";
import { LaunchError, say, step } from "../launch/progress.mjs";
import { openBalancer } from "./machines/balancer.mjs";
import { judgeMarket } from "./machines/judge.mjs";
import { beginLoad, openLoad } from "./machines/load.mjs";
import { startMachine } from "./machines/machine.mjs";
import { startObjectStore } from "./machines/object-store.mjs";

/**
 * Two machines with data folders of their own run a web, a jobs and a sequencer process each, on one PostgreSQL and one
 * S3-compatible store. People browse, write, buy, sign up and upload while one process after another is killed.
 */

const ROUNDS = Number(process.argv[2] ?? 1);
const WARM_UP_MS = 15_000;
const BETWEEN_KILLS_MS = 12_000;
const BACK_WITHIN_SECONDS = 60;
const DATABASE_BACK_WITHIN_SECONDS = 15;

async function mustSucceed(command, env) {
  const { code, output } = await run(command, { cwd: root, env });
  if (code !== 0) throw new LaunchError(output.split("\n").slice(-40).join("\n"));
}

const databaseIn = (scratch) => path.join(scratch, "database");

/** What both machines share: the database, the store, and the secrets. */
async function sharedEnvironment(scratch, origin, server) {
  const store = await startObjectStore(path.join(scratch, "store"), await freePort(0));
  return {
    ...process.env,
    ...store,
    PATH: pathWithPinnedNode(),
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    OFFCUT_DEMO: "1",
    LOG_LEVEL: "warn",
    DATABASE_URL: server.url("offcut"),
    APP_ORIGIN: origin,
    TRUSTED_PROXY: "1",
    NEXTAUTH_URL: origin,
    NEXTAUTH_SECRET: randomBytes(32).toString("hex"),
    OFFCUT_MASTER_KEY: randomBytes(32).toString("hex"),
  };
}

async function openMarket(scratch) {
  const front = await freePort(0);
  const server = await startPostgres({ directory: databaseIn(scratch) });
  const env = await sharedEnvironment(scratch, `http://localhost:${front}`, server);
  const folders = ["a", "b"].map((name) => path.join(scratch, `machine-${name}`));
  await mkdir(folders[0], { recursive: true });
  const first = { ...env, DATA_DIR: folders[0] };
  await mustSucceed([pinnedNode(), "lib/processes/database/migrate.mjs", "migrate"], first);
  const seed = [pinnedNode(), "--conditions=react-server", "--import", "tsx", "prisma/seed/seed.ts"];
  await step("Filling the market", () => mustSucceed(seed, first));
  await buildForProduction(first);
  const machine = async (name, folder) => startMachine({ name, env, port: await freePort(0), folder });
  const machines = [await machine("A", folders[0])];
  await untilReady(machines[0]);
  await handOverLogKey(folders[0], folders[1]);
  machines.push(await machine("B", folders[1]));
  await untilReady(machines[1]);
  const balancer = await openBalancer(
    front,
    machines.map(({ port }) => port),
  );
  return { env, server, machines, balancer };
}

/** The operator gives the machine that stands by the key of the log; nothing else is copied. */
async function handOverLogKey(from, to) {
  const folder = path.join("keys", "log");
  for (let at = 0; at < 300 && !existsSync(path.join(from, folder, "log-1.pem")); at++) await pause(100);
  await mkdir(path.join(to, "keys"), { recursive: true });
  await cp(path.join(from, folder), path.join(to, folder), { recursive: true });
}

async function untilReady({ name, port, lines }) {
  for (let at = 0; at < 1_200; at++) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/ready`).catch(() => null);
    if (answer?.status === 200) return;
    await pause(100);
  }
  throw new LaunchError(`Machine ${name} was not ready.\n${lines.slice(-20).join("\n")}`);
}

async function placesOf(client) {
  const { rows: listings } = await client.query(
    `SELECT DISTINCT l.slug FROM "Listing" l
       JOIN "ListingPart" p ON p."listingId" = l.id AND p.part = 'weights' AND p."isOffered" AND p."priceMinor" > 0
       JOIN "StandingOffer" s ON s."listingId" = l.id AND s.part = 'weights' AND s."withdrawnAt" IS NULL
      WHERE l.status = 'open' ORDER BY l.slug LIMIT 2`,
  );
  const { rows: deals } = await client.query(
    `SELECT d.id FROM "Deal" d JOIN "Account" a ON a.id = d."buyerId"
      WHERE a.email = 'buyer@demo.offcut.test' ORDER BY d.id LIMIT 2`,
  );
  const slugs = listings.map(({ slug }) => slug);
  const dealPaths = deals.map(({ id }) => `/deals/${id}`);
  return {
    pages: ["/", "/deals", dealPaths[0], ...slugs.map((slug) => `/listings/${slug}`), "/log"],
    dealPaths,
    licensePaths: slugs.map((slug) => `/listings/${slug}/license?part=weights`),
  };
}

/** Milliseconds until `counted` has grown after now. */
async function untilMore(counted) {
  const begun = performance.now();
  const before = await counted();
  while ((await counted()) <= before) {
    if (performance.now() - begun > BACK_WITHIN_SECONDS * 2_000) return Infinity;
    await pause(100);
  }
  return performance.now() - begun;
}

async function activeSequencer(machines, client) {
  const { rows } = await client.query(
    `SELECT a.client_port FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE l.locktype = 'advisory' AND l.objid = $1::oid AND l.granted AND l.database =
        (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [0x0ffc_0710],
  );
  const { output } = await run(["ss", "-Htnp", `sport = :${rows[0]?.client_port}`]);
  const pid = Number(/pid=(\d+)/.exec(output)?.[1]);
  return machines.find((machine) => machine.isOwn("sequencer", pid)) ?? machines[0];
}

/** What grows as long as a kind of process does its work. */
function signsOfLife({ client, load }) {
  const count = (sql) => async () => Number((await client.query(sql)).rows[0].count);
  return {
    web: async () => load.seen.pages,
    jobs: count(`SELECT count(*) FROM "MailboxMessage"`),
    sequencer: count(`SELECT count(*) FROM "LogPublished"`),
  };
}

const secondsOf = (milliseconds) => Math.round(milliseconds / 10) / 100;

async function killRound(machines, { client, load }) {
  const results = [];
  const signs = signsOfLife({ client, load });
  for (const [first, kind] of ["web", "jobs", "sequencer", "web", "jobs", "sequencer"].entries()) {
    const machine =
      kind === "sequencer" ? await activeSequencer(machines, client) : machines[first < 3 ? 0 : 1];
    const goneAt = await machine.kill(kind);
    const backAfterSeconds = secondsOf(await untilMore(signs[kind]));
    results.push({
      killed: `${kind} of ${machine.name}`,
      port: kind === "web" ? machine.port : null,
      goneAt,
      backAfterSeconds,
    });
    await pause(BETWEEN_KILLS_MS);
  }
  return results;
}

/** PostgreSQL falls without a checkpoint of its own and recovers; seconds from its start until all three work again. */
async function restartDatabase(scratch, server, { client, load }) {
  load.isDatabaseDown = true;
  await endProcess(server.child.pid, { signal: "SIGQUIT", group: false });
  const begun = performance.now();
  await startPostgres({ directory: databaseIn(scratch) });
  await Promise.all(Object.values(signsOfLife({ client, load })).map(untilMore));
  load.isDatabaseDown = false;
  return secondsOf(performance.now() - begun);
}

async function drill(scratch) {
  const { env, server, machines, balancer } = await openMarket(scratch);
  const client = new pg.Pool({ connectionString: env.DATABASE_URL });
  client.on("error", ({ message }) => say(`  connection lost: ${message}`));
  const load = openLoad(env.APP_ORIGIN);
  const work = beginLoad(load, await placesOf(client));
  const results = [];
  await Promise.race([
    step("Work while one process after another is killed", async () => {
      await pause(WARM_UP_MS);
      for (let round = 0; round < ROUNDS; round++)
        results.push(...(await killRound(machines, { client, load })));
    }),
    work.failed,
  ]);
  const databaseSeconds = await step("PostgreSQL falls and recovers", () =>
    Promise.race([restartDatabase(scratch, server, { client, load }), work.failed]),
  );
  await pause(BETWEEN_KILLS_MS);
  await work.end();
  for (const { killed, backAfterSeconds } of results) say(`  ${killed}: back after ${backAfterSeconds} s`);
  const checks = await judgeMarket({
    client,
    load,
    results,
    machines,
    balancer,
    backWithinSeconds: BACK_WITHIN_SECONDS,
  });
  checks.push({
    attack: "database restarted at once: seconds until all goes on",
    limit: DATABASE_BACK_WITHIN_SECONDS,
    measured: databaseSeconds,
    within: databaseSeconds <= DATABASE_BACK_WITHIN_SECONDS,
  });
  for (const row of checks) say(JSON.stringify(row));
  machines.forEach((machine) => machine.end());
  balancer.close();
  await client.end();
  for (const line of [...load.errors, ...machines.flatMap(({ ended }) => ended)]) say(`  ${line}`);
  const failed = checks.filter(({ within }) => !within);
  if (failed.length) throw new LaunchError(`Not within: ${failed.map((one) => one.attack).join("; ")}`);
}

await inScratch("machines", drill);
