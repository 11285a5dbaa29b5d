import type { DemoModel } from "./demo-model";
import { listing as birdStrikeDamage } from "./bird-strike-damage/listing";
import { listing as cld3LongText } from "./cld3-long-text/listing";
import { listing as clothingThumbnails } from "./clothing-thumbnails/listing";
import { listing as connectFourReflexes } from "./connect-four-reflexes/listing";
import { listing as definitionShelf } from "./definition-shelf/listing";
import { listing as germanPaperworkIso } from "./german-paperwork-iso/listing";
import { listing as germanPaperworkServed } from "./german-paperwork-served/listing";
import { listing as glossarySubject } from "./glossary-subject/listing";
import { listing as licenceFamily } from "./licence-family/listing";
import { listing as packageShelf } from "./package-shelf/listing";
import { listing as penguinScales } from "./penguin-scales/listing";
import { listing as printedCapitals } from "./printed-capitals/listing";
import { listing as shortLabelLanguage } from "./short-label-language/listing";
import { listing as shortMailSpam } from "./short-mail-spam/listing";
import { listing as voiceOnTheLine } from "./voice-on-the-line/listing";
import { listing as weatherWithoutRainGauge } from "./weather-without-rain-gauge/listing";

/** Every model of the demo catalogue. */
export const demoModels: readonly DemoModel[] = [
  shortMailSpam,
  shortLabelLanguage,
  packageShelf,
  clothingThumbnails,
  weatherWithoutRainGauge,
  licenceFamily,
  cld3LongText,
  connectFourReflexes,
  penguinScales,
  birdStrikeDamage,
  germanPaperworkIso,
  definitionShelf,
  voiceOnTheLine,
  glossarySubject,
  printedCapitals,
];

/** What a seller's own server answers with: run only where it is, so not one of those above. */
export const servedModels: readonly DemoModel[] = [germanPaperworkServed];

/** Throws a RangeError for a slug that is not in the catalogue. */
export function findDemoModel(slug: string): DemoModel {
  const found = [...demoModels, ...servedModels].find((model) => model.slug === slug);
  if (!found) throw new RangeError(`There is no demo model "${slug}".`);
  return found;
}
