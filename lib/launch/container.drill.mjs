import { cp, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inScratch } from "./in-scratch.mjs";
import { pinnedNode, root } from "./places.mjs";
import { freePort } from "./postgres.mjs";
import { endProcess, run, startChild } from "./processes.mjs";
import { LaunchError, say, step } from "./progress.mjs";

/**
 * The Dockerfile, built where a builder and its base images can be reached. And its steps in any case, without a
 * container: in clean folders, the result started as an ordinary user in a tree that nobody may write to.
 */

const USER = { uid: 10001, gid: 10001 };
const WORKS_WITHIN_SECONDS = 120;

/** Builds with the first builder that is here; says plainly when there is none, or no base image. */
async function buildImage() {
  const builders = [
    ["docker", "build", "--target", "market", "."],
    ["podman", "build", "--target", "market", "."],
    ["buildah", "bud", "--isolation", "chroot", "--storage-driver", "vfs", "--target", "market", "."],
  ];
  for (const command of builders) {
    const { code, output } = await run(command, { cwd: root });
    if (code === 0) return say(`  built by ${command[0]}`);
    if (code !== 127) say(`  ${command[0]}: ${output.trim().split("\n").at(-1)}`);
  }
  say("  not built here: no builder, or no way to its base images");
}

/** The instructions of a Dockerfile by stage; a line that ends in a backslash goes on in the next. */
async function readStages() {
  const text = (await readFile(path.join(root, "Dockerfile"), "utf8")).replaceAll("\\\n", " ");
  const stages = new Map();
  let stage;
  for (const [, word, rest] of text.matchAll(/^([A-Z]+) +(.*)$/gm)) {
    if (word !== "FROM") stage.steps.push([word, rest]);
    else {
      const [, from, name] = /^(\S+) AS (\S+)$/.exec(rest);
      stages.set(name, (stage = { from, steps: [] }));
    }
  }
  return stages;
}

/** What the build is given: .dockerignore here names what is let through, and endings that are not. */
async function copyContext(target) {
  const lines = (await readFile(path.join(root, ".dockerignore"), "utf8")).split("\n").filter(Boolean);
  const isLeftOut = (file) => lines.some((line) => line.startsWith("**/*") && file.endsWith(line.slice(4)));
  for (const name of lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1)))
    await cp(path.join(root, name), path.join(target, name), {
      recursive: true,
      filter: (file) => !isLeftOut(file),
    });
}

/** Performs the steps of a stage in a folder that stands for its file system, after those of the stage it is made from. */
async function perform(stages, name, scratch, context) {
  const { from, steps } = stages.get(name);
  const home = path.join(scratch, name);
  if (stages.has(from)) await cp(path.join(scratch, from), home, { recursive: true, verbatimSymlinks: true });
  const cwd = path.join(home, "market");
  await mkdir(cwd, { recursive: true });
  for (const [word, rest] of steps) {
    if (word === "COPY") await copy(rest.split(" "), scratch, cwd, context);
    // Places of volumes are made where they are mounted.
    if (word === "RUN" && !rest.startsWith("install -d")) await inStage(rest, scratch, cwd);
  }
}

async function copy(words, scratch, cwd, context) {
  const stage = /^--from=(.*)$/.exec(words[0])?.[1];
  const sources = words.slice(stage ? 1 : 0, -1);
  const target = path.resolve(cwd, words.at(-1));
  for (const source of sources) {
    const place = stage ? path.join(scratch, stage, source) : path.join(context, source);
    const isInto = words.at(-1).endsWith("/") && source !== ".";
    const to = isInto ? path.join(target, path.basename(source)) : target;
    await cp(place, to, { recursive: true, verbatimSymlinks: true });
  }
}

/** As a builder would: none of the market's settings, and only what this machine says of its network. */
async function inStage(command, scratch, cwd) {
  const ofNetwork = Object.entries(process.env).filter(([name]) =>
    /_proxy$|^npm_config_|_CA_|_CERT/i.test(name),
  );
  const env = { ...Object.fromEntries(ofNetwork), PATH: pathOf(scratch), HOME: scratch };
  const { code, output } = await run(["/bin/sh", "-c", command], { cwd, env });
  if (code !== 0) throw new LaunchError(`${command}\n${output.split("\n").slice(-40).join("\n")}`);
}

/** The image's Node and the machine's npm; nothing of this repository's packages. */
const pathOf = (scratch) =>
  [path.join(scratch, "bin"), "/usr/local/bin", "/usr/bin", "/bin"].join(path.delimiter);

/** Starts every process of the image as its user, in a tree without a writable file, and waits until each is well. */
async function startAll(scratch) {
  const cwd = path.join(scratch, "market", "market");
  const data = path.join(scratch, "data");
  await run(["chmod", "-R", "a-w,a+rX", cwd]);
  await run([
    "install",
    "-d",
    "-o",
    String(USER.uid),
    "-g",
    String(USER.gid),
    data,
    path.join(scratch, "tmp"),
  ]);
  const port = await freePort(0);
  const { DATABASE_URL, NEXTAUTH_SECRET, OFFCUT_MASTER_KEY } = process.env;
  const env = {
    ...{ DATABASE_URL, NEXTAUTH_SECRET, OFFCUT_MASTER_KEY, OFFCUT_DEMO: "1", LOG_LEVEL: "error" },
    ...{ APP_ORIGIN: `http://localhost:${port}`, PORT: String(port), DATA_DIR: data },
    ...{ PATH: pathOf(scratch), HOME: scratch, TMPDIR: path.join(scratch, "tmp") },
  };
  const said = [];
  const options = { cwd, env, ...(process.getuid?.() === 0 && USER), onLine: (line) => said.push(line) };
  const node = path.join(scratch, "bin", "node");
  const migrated = await run([node, "lib/launch/process.mjs", "migrate"], options);
  if (migrated.code !== 0) throw new LaunchError(migrated.output);
  for (const name of ["web", "jobs", "sequencer"]) {
    const child = startChild([node, "lib/launch/process.mjs", name], options);
    await step(name, () => untilWell(name, [node, "lib/launch/health.mjs", name], options, said));
    await endProcess(child.pid);
    const { code, signal } = await child.ended;
    // Next.js ends by the signal's own number.
    if (![0, 143].includes(code))
      throw new LaunchError(`${name} ended with ${signal ?? code}, not in good order.`);
  }
  const complaints = said.filter((line) => /EROFS|EACCES|EPERM|read-only/i.test(line));
  if (complaints.length)
    throw new LaunchError(`Something writes into its own tree:\n${complaints.join("\n")}`);
}

async function untilWell(name, command, options, said) {
  const until = Date.now() + WORKS_WITHIN_SECONDS * 1000;
  while ((await run(command, options)).code !== 0) {
    if (Date.now() > until) throw new LaunchError(`${name} does not work:\n${said.slice(-30).join("\n")}`);
    await pause(500);
  }
}

async function rehearse(scratch) {
  await mkdir(path.join(scratch, "bin"), { recursive: true });
  await cp(pinnedNode(), path.join(scratch, "bin", "node"));
  const context = path.join(scratch, "context");
  await copyContext(context);
  const stages = await readStages();
  // The store is another program's image.
  for (const name of [...stages.keys()].filter((one) => one !== "objects"))
    await step(name, () => perform(stages, name, scratch, context));
  await startAll(scratch);
}

await inScratch("image", async (scratch) => {
  await run(["chmod", "a+rx", scratch]);
  await step("Building the image", buildImage);
  await rehearse(scratch);
});
