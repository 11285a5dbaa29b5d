import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "../conventions/domains.mjs";
import { REFUSES } from "./comeback.mjs";
import { SECRETS } from "./secrets.mjs";

type Service = {
  image: string;
  user?: string;
  command?: string[];
  environment?: Record<string, string>;
  healthcheck: { test?: string[]; disable?: boolean };
  secrets?: string[];
  volumes?: string[];
  depends_on?: Record<string, unknown>;
  restart: string;
  build?: { target: string };
} & Record<string, unknown>;

const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const compose = parse(read("compose.yaml"), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image.startsWith("offcut:"));
const steps = read("Dockerfile").match(/^[A-Z]+ .*$/gm) ?? [];
const scripts = (JSON.parse(read("package.json")) as { scripts: Record<string, string> }).scripts;
const packages = (JSON.parse(read("package.json")) as { dependencies: Record<string, string> }).dependencies;

test.each(services)(
  "the container %s is nobody of importance, writes into volumes alone and has limits",
  (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      mem_limit: expect.any(String),
      cpus: expect.any(Number),
      pids_limit: expect.any(Number),
    });
    expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    for (const volume of service.volumes ?? [])
      expect(Object.keys(compose.volumes)).toContain(volume.split(":")[0]);
  },
);

test.each(services)(
  "the container %s says whether it works, and comes back unless it is to run once",
  (name, service) => {
    const runsOnce = name === "migrate";
    expect(service.healthcheck.disable ?? false).toBe(runsOnce);
    expect(/^(unless-stopped|on-failure:\d+)$/.test(service.restart)).toBe(!runsOnce);
  },
);

test.each(services)(
  "the container %s gets exactly the secrets that it names, as files that are in no repository",
  (_name, service) => {
    const text = JSON.stringify([service.environment, service.command]);
    const named = [...text.matchAll(/\/run\/secrets\/([\w-]+)/g)].map(([, secret]) => secret);
    expect([...new Set(named)].sort()).toEqual([...(service.secrets ?? [])].sort());
    for (const secret of service.secrets ?? [])
      expect(compose.secrets[secret]?.file).toBe(`./secrets/${secret}`);
    expect(read(".gitignore").split("\n")).toContain("/secrets/");
    expect(read(".dockerignore").split("\n")[0]).toBe("*");
  },
);

test.each(ours)(
  "every setting of the container %s is one that the program reads and the README explains",
  (_name, service) => {
    const schema = read("lib/platform/env.ts");
    for (const name of Object.keys(service.environment ?? {})) {
      const isRead = new RegExp(`^  ${name}: `, "m").test(schema);
      const isSecret = SECRETS.some((secret) => name === `${secret}_FILE`);
      // The one that the AWS SDK reads itself.
      expect({ name, isKnown: isRead || isSecret || name === "AWS_SHARED_CREDENTIALS_FILE" }).toEqual({
        name,
        isKnown: true,
      });
      expect(read("README.md")).toContain(isSecret ? `\`${name.replace(/_FILE$/, "")}\`` : `\`${name}\``);
    }
  },
);

test("every setting of the program reaches the containers, but those that an image, a demo or another set-up brings", () => {
  const { web, sequencer } = compose.services;
  const given = Object.keys({ ...web!.environment, ...sequencer!.environment });
  const settings = [...read("lib/platform/env.ts").matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)].map(
    ([, name]) => name!,
  );
  expect(settings.filter((name) => !given.includes(name) && !given.includes(`${name}_FILE`))).toEqual([
    "NODE_ENV",
    "DATA_DIR",
    "OFFCUT_DEMO",
    "DEMO_SELLER_ORIGIN",
    "SEQUENCER_DATABASE_URL",
    "LOG_POLICY_FILE",
    "S3_REGION",
  ]);
});

test.each(ours)(
  "the container %s runs a command of package.json, and waits for the migrations",
  (name, service) => {
    const [program, script, process = ""] = service.command ?? [];
    expect(`${program} ${script}`).toBe(scripts.process);
    const asked = spawnSync("node", [path.join(root, "lib/launch/process.mjs")], { encoding: "utf8" });
    expect(asked.stderr.match(/\w+/g)).toContain(process);
    const health = service.healthcheck.test?.slice(1);
    if (health) expect(health.join(" ")).toBe(`${scripts.health} ${name}`);
    const isApart = ["migrate", "witness"].includes(name);
    expect("migrate" in (service.depends_on ?? {})).toBe(!isApart);
  },
);

test("the image is built by commands of package.json, on the Node that is pinned, and ends as nobody of importance", () => {
  for (const [, script = ""] of steps.join("\n").matchAll(/npm run ([\w:]+)/g))
    expect(Object.keys(scripts)).toContain(script);
  const bases = steps.flatMap((step) => /^FROM (\S+)( AS (\w+))?/.exec(step)?.slice(1) ?? []);
  const stages = steps.flatMap((step) => / AS (\w+)$/.exec(step)?.[1] ?? []);
  for (const [, base] of steps.join("\n").matchAll(/^FROM (\S+)/gm))
    expect(stages.includes(base!) || /:v?\d+\.\d+/.test(base!), base).toBe(true);
  expect(bases).toContain(`node:${packages.node}-bookworm-slim`);
  for (const [, stage] of steps.join("\n").matchAll(/--from=(\w+)/g)) expect(stages).toContain(stage);
  for (const [, { build }] of services) if (build) expect(stages).toContain(build.target);
  const last = steps.slice(steps.findLastIndex((step) => step.startsWith("FROM ")));
  expect(last.find((step) => step.startsWith("USER "))).toMatch(/^USER [1-9]\d*:[1-9]\d*$/);
  expect(last.at(-1)).toBe('CMD ["node", "lib/launch/process.mjs", "web"]');
});

test("the database is of a version that the README promises", () => {
  const major = Number(/^postgres:(\d+)\.\d+/.exec(compose.services.database!.image)?.[1]);
  const [oldest, newest] = [/PostgreSQL (\d+) or newer/, /its own PostgreSQL (\d+)/].map((sentence) =>
    Number(sentence.exec(read("README.md"))?.[1]),
  );
  expect(major).toBeGreaterThanOrEqual(oldest!);
  expect(major).toBeLessThanOrEqual(newest!);
});

test("systemd takes the unit of a process, which ends for good with the code of a log that must not go on", () => {
  const unit = read("lib/launch/systemd/offcut@.service");
  expect(unit).toContain(`RestartPreventExitStatus=${REFUSES}\n`);
  expect(unit).toContain(`ExecStart=/opt/offcut/node_modules/node/bin/${scripts.process} %i\n`);
  const folder = mkdtempSync(path.join(tmpdir(), "offcut-units-"));
  writeFileSync(
    path.join(folder, "offcut@.service"),
    unit.replaceAll("/opt/offcut", root.replace(/\/$/, "")),
  );
  for (const name of ["web", "jobs", "sequencer"]) {
    const asked = spawnSync("systemd-analyze", ["verify", path.join(folder, `offcut@${name}.service`)], {
      encoding: "utf8",
    });
    // Not every machine has systemd.
    if (asked.error === undefined) expect(asked).toMatchObject({ status: 0, stderr: "" });
  }
  rmSync(folder, { recursive: true });
});
