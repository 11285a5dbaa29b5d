type Bundled = { bundleUrl: string | null };

/** The same check from a terminal; null for what cannot stand in the log. */
export function verifyCommandLine({ bundleUrl }: Bundled): string | null {
  return bundleUrl && `npm run -s offcut -- verify ${bundleUrl}`;
}

/** The same with a folder of files held against the claim. */
export function filesCommandLine({ bundleUrl }: Bundled): string | null {
  return bundleUrl && `npm run -s offcut -- verify ${bundleUrl} --files FOLDER`;
}
