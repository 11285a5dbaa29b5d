"""The written forms that the training rows are made of, and what each means in ISO form.

Only what is listed here is taught. Dates reach from 1950 to 2039; amounts are euros.
"""

import datetime
import random

MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
SHORT_MONTHS = "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.".split()
WEEKDAYS = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()
TOWNS = "Berlin Hamburg München Köln Leipzig Bremen Kiel Mainz Ulm Jena Bonn Trier".split()
FIRST_DAY = datetime.date(1950, 1, 1)
LAST_DAY = datetime.date(2039, 12, 31)


def written_date(draw: random.Random) -> tuple[str, str]:
    span = (LAST_DAY - FIRST_DAY).days
    date = FIRST_DAY + datetime.timedelta(days=draw.randrange(span + 1))
    return draw.choices(DATE_FORMS, DATE_WEIGHTS)[0](date, draw), date.isoformat()


def long_date(date, _):
    return f"{date.day}. {MONTHS[date.month - 1]} {date.year}"


def long_date_padded(date, _):
    return f"{date.day:02}. {MONTHS[date.month - 1]} {date.year}"


def short_date(date, _):
    return f"{date.day}. {SHORT_MONTHS[date.month - 1]} {date.year}"


def numeric_date(date, _):
    return f"{date.day:02}.{date.month:02}.{date.year}"


def numeric_date_unpadded(date, draw):
    gap = draw.choice(["", "", " "])
    return f"{date.day}.{gap}{date.month}.{gap}{date.year}"


def two_digit_date(date, draw):
    padded = draw.random() < 0.7
    return f"{date:%d.%m.%y}" if padded else f"{date.day}.{date.month}.{date:%y}"


def weekday_date(date, draw):
    return f"{WEEKDAYS[date.weekday()]}, {draw.choice(['', 'den ', 'dem '])}{long_date(date, draw)}"


def dated_line(date, draw):
    opening = draw.choice(["den", "am", "vom", "Stand:", f"{draw.choice(TOWNS)}, den", f"{draw.choice(TOWNS)},"])
    return f"{opening} {draw.choice([long_date, numeric_date])(date, draw)}"


def iso_date(date, _):
    return date.isoformat()


DATE_FORMS = [
    long_date,
    long_date_padded,
    short_date,
    numeric_date,
    numeric_date_unpadded,
    two_digit_date,
    weekday_date,
    dated_line,
    iso_date,
]
DATE_WEIGHTS = [24, 6, 10, 16, 12, 10, 8, 10, 2]


def written_amount(draw: random.Random) -> tuple[str, str]:
    euros = draw.randrange(10 ** draw.randint(1, 7))
    cents = draw.choice([0, 0, 50, 99, 95, draw.randrange(100), draw.randrange(100)])
    grouped = f"{euros:,}".replace(",", ".") if draw.random() < 0.8 else str(euros)
    number = f"{grouped}{written_cents(cents, draw)}"
    sign = draw.choice(["€", "EUR", "Euro"])
    text = f"{sign} {number}" if draw.random() < 0.35 else f"{number} {sign}"
    opening = draw.choices(["", "von ", "Betrag: ", "Summe "], [85, 5, 5, 5])[0]
    return opening + text, f"EUR {euros}.{cents:02}"


def written_cents(cents: int, draw: random.Random) -> str:
    return f",{cents:02}" if cents else draw.choice([",00", ",00", "", ",-", ",–"])


def written(draw: random.Random) -> tuple[str, str]:
    return written_date(draw) if draw.random() < 0.6 else written_amount(draw)
