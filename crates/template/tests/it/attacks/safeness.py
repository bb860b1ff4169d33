"""Writes safeness.json: what Django makes of each filter with safe and unsafe input, autoescaping on and off.

    python safeness.py > safeness.json      (with Django 6.0 to be imported)
"""

import json

from django.conf import settings

settings.configure(
    USE_TZ=True,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)

import django

django.setup()

from django.template import Context, Engine
from django.template.defaultfilters import register
from django.utils.safestring import mark_safe

TEXTS = ["<a> & 'b' \"c\"", "x<b>y</b>\nhttp://a.org/?b=<c>&d e", "&amp;", "7"]
ARGUMENTS = ["'<'", "3", "';'", "t"]
RANDOM = {"random"}

engine = Engine(debug=False)


def values():
    for text in TEXTS:
        yield {"text": text}, text
        yield {"safe": text}, mark_safe(text)
    yield {"int": 7}, 7
    yield {"float": 1234.5}, 1234.5
    yield {"none": True}, None
    yield {"list": ["<a>", "b"]}, ["<a>", "b"]
    yield {"safe_list": ["<a>", "b"]}, [mark_safe("<a>"), mark_safe("b")]


def attempt(source, value):
    # `t` is an argument that is text with a bracket, and not safe.
    try:
        return engine.from_string(source).render(Context({"v": value, "t": "<"}))
    except Exception:
        return None


rows = []
for name in sorted(set(register.filters) - RANDOM):
    for argument in [None, *ARGUMENTS]:
        use = name if argument is None else f"{name}:{argument}"
        for value, given in values():
            on = attempt("{{ v|%s }}" % use, given)
            off = attempt("{%% autoescape off %%}{{ v|%s }}{%% endautoescape %%}" % use, given)
            forced = attempt("{{ v|%s|force_escape }}" % use, given)
            # A row without any result is a mistake in the template.
            if any(result is not None for result in (on, off, forced)):
                rows.append([use, value, on, off, forced])

print("[")
print(",\n".join(json.dumps(row, ensure_ascii=True) for row in rows))
print("]")
