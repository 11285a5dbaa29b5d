"""A WordPiece vocabulary and the files of the Hugging Face layout that state it."""

import collections
import json
import re

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PAD, UNKNOWN, START, END = 0, 1, 2, 3
LONGEST_WORD = 100


def words_of(text):
    """As BertNormalizer and BertPreTokenizer split plain English: lower case, each punctuation mark a word."""
    return re.findall(r"[a-z0-9]+|[^\sa-z0-9]", text.lower())


def learn(texts, size):
    """Letters, then the commonest neighbours joined until there are `size` pieces; ties by the alphabet."""
    counts = collections.Counter(word for text in texts for word in words_of(text))
    split = {word: [word[0], *("##" + letter for letter in word[1:])] for word in counts}
    pieces = sorted({piece for parts in split.values() for piece in parts})
    while len(SPECIAL) + len(pieces) < size:
        pairs = collections.Counter()
        for word, parts in split.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += counts[word]
        if not pairs:
            break
        first, second = min(pairs, key=lambda pair: (-pairs[pair], pair))
        joined = first + second[2:]
        pieces.append(joined)
        for word, parts in split.items():
            place = 0
            while place < len(parts) - 1:
                if (parts[place], parts[place + 1]) == (first, second):
                    parts[place : place + 2] = [joined]
                place += 1
    return SPECIAL + pieces


def encode(text, places, longest):
    """Tokens of a text between the opening and the closing one, cut to `longest`: always the longest piece that fits."""
    tokens = [piece for word in words_of(text) for piece in pieces_of(word, places)]
    return [START, *tokens[: longest - 2], END]


def pieces_of(word, places):
    tokens, at = [], 0
    while at < len(word):
        ends = range(len(word), at, -1)
        end = next((end for end in ends if ("##" if at else "") + word[at:end] in places), None)
        if end is None or len(word) > LONGEST_WORD:
            return [UNKNOWN]
        tokens.append(places[("##" if at else "") + word[at:end]])
        at = end
    return tokens


def save(folder, vocabulary, longest):
    special = [
        {"id": place, "content": name, "single_word": False, "lstrip": False, "rstrip": False}
        | {"normalized": False, "special": True}
        for place, name in enumerate(SPECIAL)
    ]
    ends = [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"SpecialToken": {"id": "[SEP]", "type_id": 0}}]
    first, second = ({"Sequence": {"id": name, "type_id": number}} for number, name in enumerate("AB"))
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True}
        | {"strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [ends[0], first, ends[1]],
            "pair": [ends[0], first, ends[1], second, {"SpecialToken": {"id": "[SEP]", "type_id": 1}}],
            "special_tokens": {
                name: {"id": name, "ids": [place], "tokens": [name]} for name, place in (("[CLS]", START), ("[SEP]", END))
            },
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": LONGEST_WORD,
            "vocab": {piece: place for place, piece in enumerate(vocabulary)},
        },
    }
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token", "mask_token"), SPECIAL))
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": longest}
    settings |= {"strip_accents": None, "tokenize_chinese_chars": True, "clean_up_tokenization_spaces": True}
    for name, content in (
        ("tokenizer.json", tokenizer),
        ("tokenizer_config.json", settings | names),
        ("special_tokens_map.json", names),
    ):
        (folder / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n")
