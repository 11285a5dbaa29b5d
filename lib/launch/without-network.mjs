import { spawnSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** A network of its own that leads nowhere but to itself, and what the kernel counted of those who tried to leave it. */

/** The command within such a network; everything else of the machine is there as before. Needs bubblewrap. */
export function withoutNetwork(command) {
  const asBefore = ["--dev-bind", "/", "/", ...(process.getuid?.() === 0 ? ["--cap-add", "ALL"] : [])];
  return ["bwrap", "--unshare-net", "--die-with-parent", ...asBefore, ...command];
}

/** Whether this machine lets us make one. */
export function canCutNetwork() {
  const [program, ...options] = withoutNetwork(["true"]);
  return spawnSync(program, options).status === 0;
}

/**
 * How often something in the network of a process tried to reach what is not there, since that network began: packets and
 * connections without a way, and questions to a resolver on this machine. Every attempt is counted, also one that failed at once.
 */
export function attemptsOf(pid = "self") {
  const lines = readFileSync(`/proc/${pid}/net/snmp`, "utf8").split("\n");
  const six = Object.fromEntries(snmp6(pid).map((line) => line.trim().split(/\s+/)));
  return (
    counter(lines, "Ip", "OutNoRoutes") +
    counter(lines, "Udp", "NoPorts") +
    Number(six.Ip6OutNoRoutes ?? 0) +
    Number(six.Udp6NoPorts ?? 0)
  );
}

/** Which network a process is in. */
export function networkOf(pid) {
  return readlinkSync(`/proc/${pid}/ns/net`);
}

function counter(lines, protocol, name) {
  const [names, values] = lines
    .filter((line) => line.startsWith(`${protocol}: `))
    .map((line) => line.split(" "));
  return Number(values[names.indexOf(name)]);
}

/** Nothing where the kernel knows no IPv6. */
function snmp6(pid) {
  try {
    return readFileSync(`/proc/${pid}/net/snmp6`, "utf8").trim().split("\n");
  } catch {
    return [];
  }
}
