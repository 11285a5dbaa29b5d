/** Runs once before the server answers: refuses to boot on a wrong configuration, with the reason. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { masterKey } = await import("@/lib/platform/master-key");
  const { openInstallation } = await import("@/lib/platform/installation");
  const { notePeers } = await import("@/lib/platform/peer");
  const { giveUploadsTime } = await import("@/lib/platform/request-time");
  const { keepPace } = await import("@/lib/platform/pace");
  notePeers();
  keepPace();
  giveUploadsTime();
  masterKey();
  await openInstallation();
}
