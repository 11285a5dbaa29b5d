import { type OracleCase, drawn } from "./case.fixture";
import { linearHeads, names, regressors, supportVectors } from "./heads.fixture";
import { attention, convolutional, dense } from "./networks.fixture";
import { dynamicallyQuantised, staticallyQuantised, weightsQuantised } from "./quantised.fixture";
import { boostedClasses, boostedPairs, forests, regressionTrees, singleWeightForests } from "./trees.fixture";

const families = [
  dense,
  convolutional,
  attention,
  weightsQuantised,
  staticallyQuantised,
  dynamicallyQuantised,
  linearHeads,
  regressors,
  supportVectors,
  names,
  forests,
  singleWeightForests,
  boostedPairs,
  boostedClasses,
  regressionTrees,
];

/** Every family of the suite, drawn from the seed. */
export function oracleCases(seed: number, rowCount: number): OracleCase[] {
  return families.flatMap((family, at) => family(drawn(seed * 100 + at), rowCount));
}
