"""Collects the rows: capitals drawn with the fonts of Debian 12, as PNG pictures of 32 × 32 grey pixels, black on white.

  apt-get install python3-pil fontconfig        # and the packages that bring the fonts of designs.py: apt-file search NAME
  /usr/bin/python3 prisma/seed/models/printed-capitals/collect.py

Of the upright pictures that the model is judged on, one in four is tilted and one in four white on black. Pictures are kept
apart, and belong together, by design. A design that is not installed is left out, and named.
"""

import base64
import io
import pathlib
import string
import subprocess
import sys
import zlib

from PIL import Image, ImageDraw, ImageFont, ImageOps

import designs

FOLDER = pathlib.Path(__file__).parent
sys.path.append(str(FOLDER.parent / "training"))
from row_file import save_rows  # noqa: E402

LETTERS = list(string.ascii_uppercase)
SIDE = 32
TRAINED_HEIGHTS = (18, 21, 24)
JUDGED_HEIGHT = 22
FLAGS = ["plain type", "written or ornamental", "slanted", "bold", "tilted"]
# Of a style that a design has beside the upright one, this many letters are drawn.
LETTERS_OF_A_STYLE = 9
# Fontconfig's numbers: upright, and the span of weights that count as normal and as bold.
UPRIGHT, NORMAL, BOLD = 0, range(70, 106), range(180, 211)


def styles():
    """File, slant and weight of every style, by family."""
    shape = "%{file}\t%{family[0]}\t%{slant}\t%{weight}\t%{width}\n"
    listed = subprocess.run(["fc-list", "--format", shape], capture_output=True, text=True, check=True).stdout
    found = {}
    for line in sorted(listed.splitlines()):
        file, family, slant, weight, width = line.split("\t") if line.count("\t") == 4 else ("", "", "", "", "")
        if file.endswith((".ttf", ".otf")) and slant.isdigit() and weight.replace(".", "").isdigit() and width == "100":
            found.setdefault(family, []).append((file, int(slant), int(float(weight))))
    return found


def picture(file, letter, height, turned=0, is_dark=False):
    """The letter, its ink as high as asked or as wide as fits, centred and then turned; None where the font lacks it."""
    font = ImageFont.truetype(file, 100)
    left, top, right, bottom = font.getbbox(letter)
    if right - left < 2 or bottom - top < 2 or font.getmask(letter).getbbox() is None or lacks(font, letter):
        return None
    scale = min(height / (bottom - top), (SIDE - 4) / (right - left))
    font = ImageFont.truetype(file, max(6, round(100 * scale)))
    left, top, right, bottom = font.getbbox(letter)
    image = Image.new("L", (SIDE, SIDE), 255)
    at = (round((SIDE - right - left) / 2), round((SIDE - bottom - top) / 2))
    ImageDraw.Draw(image).text(at, letter, fill=0, font=font)
    image = image.rotate(turned, Image.Resampling.BICUBIC, fillcolor=255)
    image = ImageOps.invert(image) if is_dark else image
    # Eight levels of grey: small files, and the same letter to the eye.
    image = image.point(lambda level: round(level / 36.43) * 255 // 7)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def lacks(font, letter):
    """Whether it draws the box for letters that it does not have."""
    return bytes(font.getmask(letter)) == bytes(font.getmask("\U000f1234"))


def number(*words):
    """The same for the same words, on any machine."""
    return zlib.crc32(" ".join(words).encode())


def plain_rows(design, flags, file, letters, heights):
    drawn = [(letter, picture(file, letter, height)) for letter in letters for height in heights]
    return [(letter, flags, number(design) % 1_000_000, content) for letter, content in drawn if content]


def varied_rows(design, flags, file):
    """Every letter once: tilted, white on black, or, every other one, as it was designed."""
    for letter in LETTERS:
        chance = number(design, letter, "how")
        is_tilted, is_dark = chance % 4 == 0, chance % 4 == 1
        turned = (10 + chance // 8 % 26) * (-1 if chance & 4 else 1) if is_tilted else 0
        content = picture(file, letter, JUDGED_HEIGHT, turned, is_dark)
        if content:
            yield letter, flags + ["tilted"] * is_tilted, number(design) % 1_000_000, content


def chosen(design, count):
    """Some letters, others for each design."""
    return sorted(sorted(LETTERS, key=lambda letter: number(design, letter))[:count])


def judged_rows(design, kind, found):
    upright = [file for file, slant, weight in found if slant == UPRIGHT and weight in NORMAL]
    slanted = [file for file, slant, weight in found if slant != UPRIGHT and weight in NORMAL]
    bold = [file for file, slant, weight in found if slant == UPRIGHT and weight in BOLD]
    rows = list(varied_rows(design, [kind], upright[0])) if upright else []
    for files, style in ((slanted, "slanted"), (bold, "bold")):
        letters = chosen(f"{design} {style}", LETTERS_OF_A_STYLE)
        rows += plain_rows(design, [kind, style], files[0], letters, [JUDGED_HEIGHT]) if files else []
    return rows


def collect():
    found = styles()
    splits = {"training": [], "discovery": [], "attestation": []}
    for design in designs.TRAINED:
        file = next(file for file, slant, weight in found[design] if slant == UPRIGHT and weight in NORMAL)
        splits["training"] += plain_rows(design, ["plain type"], file, LETTERS, TRAINED_HEIGHTS)
    for design, kind in designs.judged():
        rows = judged_rows(design, kind, found.get(design, []))
        print(f"{design}: {len(rows)}" if rows else f"{design}: not installed")
        splits["discovery" if number(design) % 2 else "attestation"] += rows
    seen = set()
    for split, rows in splits.items():
        own = [row for row in rows if row[3] not in seen]
        seen |= {row[3] for row in rows}
        save_rows(FOLDER, split, "image", LETTERS, FLAGS, own)
        print(split, len(own), "pictures of", len({row[2] for row in own}), "designs")


if __name__ == "__main__":
    collect()
