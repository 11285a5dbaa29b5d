"""Collects the rows: definitions of WordNet 3.0 that its editors filed under a subject.

  apt-get install wordnet-base        # Princeton University; its licence is beside the rows
  /usr/bin/python3 prisma/seed/models/glossary-subject/collect.py

Marks such as "(law)" at the start give the subject away and are cut. Definitions are kept apart, and belong together, by
the kind that their words are of (the next wider term): all court orders are in one file and in one cluster.
"""

import pathlib
import re
import sys
import zlib

FOLDER = pathlib.Path(__file__).parent
sys.path.append(str(FOLDER.parent / "training"))
from row_file import save_rows  # noqa: E402

SOURCE = pathlib.Path("/usr/share/wordnet")
SUBJECTS = {
    "law": "law",
    "military": "military",
    "music": "music",
    "computing": "computer_science",
    "mathematics": "mathematics statistics logic",
    "sport": "sport baseball golf football American_football tennis cricket boxing",
    "life science": "biology botany genetics zoology anatomy physiology medicine",
    "physics and chemistry": "physics chemistry",
    "religion and myth": "Greek_mythology Norse_mythology Roman_Catholic Old_Testament Judaism religion Christianity",
    "language": "linguistics grammar phonetics",
}
CLASSES = list(SUBJECTS)
FLAGS = ["says-who", "says-used-in"]
MOST_OF_A_KIND = 12


def entries():
    """By part of speech and place: words, pointers, definition without its examples."""
    found = {}
    for part in ("noun", "verb", "adj", "adv"):
        for line in (SOURCE / f"data.{part}").read_text().splitlines():
            if line.startswith("  "):
                continue
            head, text = line.split("|", 1)
            fields = head.split()
            pointers_at = 4 + 2 * int(fields[3], 16)
            count = int(fields[pointers_at])
            pointers = [tuple(fields[pointers_at + 1 + 4 * at : pointers_at + 4 + 4 * at]) for at in range(count)]
            found[(fields[2].replace("s", "a"), fields[0])] = (fields[4], pointers, text.split('; "')[0].strip())
    return found


def rows():
    found = entries()
    subject_of = {word: name for name, words in SUBJECTS.items() for word in words.split()}
    for (part, place), (_, pointers, text) in found.items():
        filed = {subject_of.get(found[(kind, at)][0]) for mark, at, kind in pointers if mark == ";c"}
        definition = re.sub(r"^(\([^)]*\)\s*)+", "", text)
        if len(filed) != 1 or None in filed or len(definition) < 20:
            continue
        wider = [at for mark, at, _ in pointers if mark in ("@", "@i", "&")]
        flags = [
            name
            for name, pattern in {"says-who": r"\b(who|someone|person)\b", "says-used-in": r"\bused (in|by|for|to)\b"}.items()
            if re.search(pattern, definition)
        ]
        yield filed.pop(), flags, int(wider[0] if wider else place), definition


def split_of(cluster):
    share = zlib.crc32(f"kind:{cluster}".encode()) % 20
    return "training" if share < 8 else "discovery" if share < 14 else "attestation"


def collect():
    taken, seen = {}, set()
    splits = {"training": [], "discovery": [], "attestation": []}
    for row in sorted(rows(), key=lambda row: zlib.crc32(row[3].encode())):
        wording = re.sub(r"[^a-z]+", " ", row[3].lower())
        count = taken.get(row[2], 0)
        if wording not in seen and count < MOST_OF_A_KIND:
            seen.add(wording)
            taken[row[2]] = count + 1
            splits[split_of(row[2])].append(row)
    for split, own in splits.items():
        save_rows(FOLDER, split, "text", CLASSES, FLAGS, own)
        print(split, len(own), "rows of", len({row[2] for row in own}), "kinds")


if __name__ == "__main__":
    collect()
