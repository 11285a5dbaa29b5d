import type { DemoContributor, DemoRights } from "./demo-model";

/** Who made the demo models: named as what it is, a part of this repository. */
export const workshop = "Offcut demo workshop";

export const workshopContributors: readonly DemoContributor[] = [
  { name: "Offcut demo workshop", role: "Chose and trained the network", shareBasisPoints: 7_000 },
  { name: "Offcut demo data desk", role: "Collected and split the rows", shareBasisPoints: 3_000 },
];

/** Apache-2.0, MIT and CC0-1.0 alike. */
export const everyRight: DemoRights = {
  useCommercially: "yes",
  modify: "yes",
  redistribute: "yes",
  sublicense: "yes",
};

/** The day the committed files were trained. */
export const trainedOn = "2026-11-22";
