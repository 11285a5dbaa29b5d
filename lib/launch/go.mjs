import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { run } from "./processes.mjs";

/** Go with its sumdb, the second judge of our log: an implementation that nobody here wrote. */

/** The environment in which Go finds the packages of the distribution and asks no network. */
export const goEnvironment = {
  ...process.env,
  GO111MODULE: "off",
  GOPATH: "/usr/share/gocode",
  GOFLAGS: "",
  GOCACHE: path.join(tmpdir(), "offcut-go-cache"),
};

/** Whether Go and its sumdb are on this machine. */
export function hasGo() {
  return spawnSync("go", ["list", "golang.org/x/mod/sumdb/tlog"], { env: goEnvironment }).status === 0;
}

/** The same, after fetching the distribution's package where that can be done without asking anybody. */
export async function findGo() {
  if (hasGo()) return true;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run(["apt-get", "update"], { env });
  const packages = ["golang-go", "golang-golang-x-mod-dev"];
  await run(["apt-get", "install", "-y", "--no-install-recommends", ...packages], { env });
  return hasGo();
}
