import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { keepApart } from "./apartness.mjs";
import { buildForProduction, generateClient } from "./build.mjs";
import { comeBack } from "./comeback.mjs";
import { installPackages } from "./install.mjs";
import { occupy } from "./occupancy.mjs";
import { dataDirectory, pathWithPinnedNode, pinnedNode, root } from "./places.mjs";
import { freePort, startPostgres } from "./postgres.mjs";
import { endChildren, run } from "./processes.mjs";
import { explain, LaunchError, reasonIn, say, step } from "./progress.mjs";
import { installationSecrets } from "./secrets.mjs";
import { untilInterrupted } from "./interruption.mjs";
import { serve, serveDemoSeller } from "./serve.mjs";

/**
 * `npm start` and `npm run dev`: from a fresh clone to an open market, on whatever Node from 20 on this
 * machine has, without a question. Uses no package, because none may be installed yet.
 */

const isDev = process.argv.includes("--dev");
/** What has been started, in order; ended in the opposite one. */
const endings = [];

async function bringUp() {
  requireNode20();
  const port = wantedPort();
  requireAddresses();
  const directory = dataDirectory();
  await mkdir(directory, { recursive: true, mode: 0o700 });
  say(`Offcut, in ${root}`);
  const release = await occupy(directory);
  endings.push(release, endChildren);
  await requireFreePort(port);
  await installPackages();
  await step("What keeps models apart", keepApart);

  const env = await environment(directory, port);
  await generateClient(env);
  await step("Migrating the database", () =>
    nodeScript(env, "lib/processes/database/migrate.mjs", "migrate"),
  );
  if (isDemo(env)) {
    env.DEMO_SELLER_ORIGIN = await step("Starting the demo seller's own server", () =>
      serveDemoSeller({ env, directory, endings }),
    );
    await fillDemo(env);
  }
  if (!isDev) await buildForProduction(env);
  const served = await step("Opening", () => serve({ env, port, isDev, endings }));
  announce(env, port, directory);
  return served;
}

function requireNode20() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) throw new LaunchError(`Offcut needs Node 20 or newer; this is ${process.versions.node}.`);
}

function wantedPort() {
  const port = Number(process.env.PORT || 3000);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new LaunchError(`PORT is "${process.env.PORT}", which is not a port number.`);
}

/** What would only be found out after minutes of installing. */
function requireAddresses() {
  const { APP_ORIGIN, DATABASE_URL } = process.env;
  if (APP_ORIGIN && !/^https?:\/\/[^/]+\/?$/.test(APP_ORIGIN)) {
    throw new LaunchError(`APP_ORIGIN is "${APP_ORIGIN}", not an address such as https://market.example`);
  }
  if (DATABASE_URL && !/^postgres(ql)?:\/\/./.test(DATABASE_URL)) {
    throw new LaunchError("DATABASE_URL is not an address such as postgres://user:password@host:5432/offcut");
  }
}

async function requireFreePort(port) {
  // Next.js listens on every address, so any listener on the port is in its way.
  const isFree = (await freePort(port, "127.0.0.1")) && (await freePort(port, undefined));
  if (isFree) return;
  throw new LaunchError(
    `Something else listens on port ${port}. Choose another: PORT=${port + 1} npm ${isDev ? "run dev" : "start"}`,
  );
}

/** The environment of everything that is started, complete: nothing after this makes up a default. */
async function environment(directory, port) {
  const origin = process.env.APP_ORIGIN || `http://localhost:${port}`;
  const isEmbedded = !process.env.DATABASE_URL;
  return {
    ...process.env,
    ...(await installationSecrets(directory)),
    ...(isEmbedded && { OFFCUT_DEMO: process.env.OFFCUT_DEMO || "1" }),
    DATABASE_URL: isEmbedded ? await embeddedDatabase(directory) : process.env.DATABASE_URL,
    DATA_DIR: directory,
    PORT: String(port),
    APP_ORIGIN: origin,
    NEXTAUTH_URL: origin,
    NEXT_TELEMETRY_DISABLED: "1",
    NODE_ENV: isDev ? "development" : "production",
    PATH: pathWithPinnedNode(),
  };
}

async function embeddedDatabase(directory) {
  const server = await step("Starting PostgreSQL", () => startPostgres({ directory }));
  const again = async () => {
    const { child, port } = await startPostgres({ directory });
    if (port === server.port) return child;
    throw new LaunchError(`PostgreSQL came back on port ${port}, and everything asks on ${server.port}.`);
  };
  const kept = comeBack({
    name: "PostgreSQL",
    first: server.child,
    start: again,
    lastWords: () => [`see ${directory}/postgres.log`],
    isKept: () => true,
  });
  kept.fallen.catch(interrupt);
  endings.push(kept.letGo);
  return server.url("offcut");
}

async function fillDemo(env) {
  const script = "prisma/seed/seed.ts";
  if (!existsSync(path.join(root, script))) return;
  const name = "Filling the demo market (the first time, its models are really run)";
  await step(name, () => nodeScript(env, "--conditions=react-server", "--import", "tsx", script));
}

/** Runs one of our own scripts on the project's Node and shows what it says. */
async function nodeScript(env, ...args) {
  const { code, output } = await run([pinnedNode(), ...args], {
    cwd: root,
    env,
    // What goes wrong is said once, at the end.
    onLine: (line, isError) => line && !isError && say(`  ${line}`),
  });
  if (code !== 0) throw new LaunchError(reasonIn(output));
}

const isDemo = ({ OFFCUT_DEMO }) => ["1", "true"].includes(OFFCUT_DEMO);

function announce(env, port, directory) {
  say();
  say(`Offcut is open at ${env.APP_ORIGIN}`);
  if (isDemo(env)) {
    say();
    say("Demo sign-ins, password offcut-demo:");
    for (const name of ["buyer", "seller", "evaluator", "moderator", "administrator"]) {
      say(`  ${name}@demo.offcut.test`);
    }
    say("Money and time are simulated.");
  }
  if (!process.env.DATABASE_URL) {
    say();
    say(
      `Everything it keeps is in ${directory}. To begin again: rm -rf ${path.relative(process.cwd(), directory)}`,
    );
  }
  say("Ctrl-C ends it.");
}

async function end() {
  for (const ending of endings.reverse()) await ending();
}

const { interrupted, interrupt } = untilInterrupted();
try {
  await Promise.race([interrupted, bringUp().then(({ fallen }) => fallen)]);
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
say("Ending.");
await end();
process.exit();
