/** Decodes a picture, and says what is seen of it. */
import sharp from "sharp";

const MAX_PIXELS = 16_000_000;

/** Grey levels of a picture at that size, row by row, with what is seen of the whole. Throws for what is no picture. */
export async function greyLevels(base64, width, height) {
  const image = sharp(Buffer.from(base64, "base64"), { limitInputPixels: MAX_PIXELS, failOn: "error" });
  const grey = image.rotate().flatten({ background: "white" }).greyscale();
  const [seen, { data }] = await Promise.all([
    seenOf(grey.clone()),
    grey.clone().resize(width, height, { fit: "fill" }).raw().toBuffer({ resolveWithObject: true }),
  ]);
  return { levels: new Uint8Array(data), seen };
}

/** The columns of a picture: see `lib/measurement/input-columns.ts`. */
async function seenOf(grey) {
  const { data, info } = await grey.raw().toBuffer({ resolveWithObject: true });
  const sum = data.reduce((total, level) => total + level, 0);
  return {
    image_width: String(info.width),
    image_height: String(info.height),
    image_brightness: String(Math.round(sum / data.length)),
  };
}

export async function seenOfPicture(base64) {
  const image = sharp(Buffer.from(base64, "base64"), { limitInputPixels: MAX_PIXELS, failOn: "error" });
  return seenOf(image.rotate().flatten({ background: "white" }).greyscale());
}
