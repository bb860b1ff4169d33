"""Makes locales.txt: how languages write dates, times and numbers, and what they call months, days and spans of time.

Usage: python3 make-locales.py DJANGO

DJANGO is the folder `django` of an unpacked Django (6.0): its format strings, the list of languages with their own
names and the order of the default languages are facts that a site ported from Django relies on.
Names come from the CLDR by way of Babel, which has to be installed.
The result is the same bytes on every run. README.md tells the form.
"""

import os
import re
import sys

from babel import Locale
from babel.plural import to_gettext

DJANGO = sys.argv[1]
# Where Django's name of a locale is none of the CLDR's.
OTHER = {"sr_Latn": "sr_Latn", "zh_Hans": "zh_Hans", "zh_Hant": "zh_Hant", "no": "nb"}
UNITS = ("year", "month", "week", "day", "hour", "minute")
CATEGORIES = ("zero", "one", "two", "few", "many", "other")


def assigned(path):
    names = {}
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), {"gettext_noop": lambda text: text}, names)
    return {name: value for name, value in names.items() if name.isupper()}


def escape(text):
    assert not re.search(r"[\t\n|\\]", text.replace("\\", "")), text
    return text


def value(of):
    if isinstance(of, (list, tuple)) and all(isinstance(item, str) for item in of):
        return "list", list(of)
    if isinstance(of, tuple):
        return "numbers", [str(item) for item in of]
    if isinstance(of, int):
        return "number", [str(of)]
    return "text", [of]


def formats(out):
    folder = os.path.join(DJANGO, "conf", "locale")
    settings = assigned(os.path.join(DJANGO, "conf", "global_settings.py"))
    places = {"": settings}
    for locale in sorted(os.listdir(folder)):
        path = os.path.join(folder, locale, "formats.py")
        # Django does not look at the formats of a language that it has no catalogue for, its own or the generic one.
        catalogues = [os.path.join(folder, name, "LC_MESSAGES") for name in (locale, locale.split("_")[0])]
        if os.path.exists(path) and any(map(os.path.exists, catalogues)):
            places[locale] = assigned(path)
    known = {name for locale, found in places.items() if locale for name in found}
    for locale, found in places.items():
        for name in sorted(known & set(found)):
            kind, items = value(found[name])
            out.append("\t".join(["format", locale, name, kind, *map(escape, items)]))
    return settings


def languages(out, settings):
    info = assigned(os.path.join(DJANGO, "conf", "locale", "__init__.py"))["LANG_INFO"]
    for code in sorted(info):
        about = info[code]
        direction = "" if "bidi" not in about else "rtl" if about["bidi"] else "ltr"
        fallback = ",".join(about.get("fallback", ()))
        out.append("\t".join(["language", code, about.get("name", ""), about.get("name_local", ""), direction, fallback]))
    for code, name in settings["LANGUAGES"]:
        out.append("\t".join(["default", code, name]))
    out.append("\t".join(["bidi", *settings["LANGUAGES_BIDI"]]))


def row(names, order):
    return [names[key].replace("|", "") for key in order]


def names(out):
    for locale in sorted(os.listdir(os.path.join(DJANGO, "conf", "locale"))):
        if locale.startswith(("en", "__")) or "." in locale:
            continue
        try:
            cldr = Locale.parse(OTHER.get(locale, locale))
        except Exception:
            continue
        months = range(1, 13)
        days = range(7)
        wide = row(cldr.months["stand-alone"]["wide"], months)
        if all(name == f"M{at:02}" for at, name in enumerate(wide, 1)):
            continue
        parts = {
            "month": wide,
            "month-alt": row(cldr.months["format"]["wide"], months),
            "month-short": [name.rstrip(".").lower() for name in row(cldr.months["stand-alone"]["abbreviated"], months)],
            "month-ap": row(cldr.months["format"]["abbreviated"], months),
            "day": row(cldr.days["stand-alone"]["wide"], days),
            "day-short": row(cldr.days["stand-alone"]["abbreviated"], days),
        }
        periods = cldr.day_periods["format"]["wide"]
        short = cldr.day_periods["format"]["abbreviated"]
        if "am" in short and "pm" in short:
            parts["half"] = [short["am"], short["pm"]]
        if "midnight" in periods and "noon" in periods:
            parts["twelve"] = [periods["midnight"], periods["noon"]]
        patterns = cldr._data["unit_patterns"]
        # Babel's rules begin with a condition that is always true.
        plural = to_gettext(cldr.plural_form).replace("((0 == 0)) && ", "").rstrip(";")
        used = [category for category in CATEGORIES if category in cldr.plural_form.tags | {"other"}]
        for unit in UNITS:
            forms = patterns.get(f"duration-{unit}", {}).get("long", {})
            if "other" not in forms:
                continue
            texts = [forms.get(category, forms["other"]) for category in used]
            # A form may leave out its number, as "one year" does: gettext's always has it.
            texts = [text if "{0}" in text else forms["other"] for text in texts]
            parts[f"num-{unit}"] = [text.replace("{0}", "%(num)d") for text in texts]
        out.append("\t".join(["names", locale, "plural", plural]))
        for part, items in parts.items():
            if any(items):
                out.append("\t".join(["names", locale, part, *items]))


out = ["# Made by make-locales.py; README.md tells the form."]
settings = formats(out)
languages(out, settings)
names(out)
with open("locales.txt", "w", encoding="utf-8", newline="\n") as file:
    file.write("\n".join(out) + "\n")
print(len(out), "lines")
