"""What Django makes of every filter with every kind of value and argument, and of every tag with every form of arguments.

Writes records of the kind `render` to standard output, in the format of the corpus of templates, one a line.
Nothing here depends on the clock or on chance. The one argument, if any, is the part: `filters` or `tags`.
"""

import datetime
import json
import os
import sys
from decimal import Decimal
from zoneinfo import ZoneInfo

import django
from django.conf import settings

settings.configure(
    USE_TZ=False,
    TIME_ZONE="UTC",
    LANGUAGE_CODE="en",
    STATIC_URL="/static/",
    MEDIA_URL="/media/",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.humanize"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        TEMPLATES := {
                            "base.html": "[{% block a %}base a{% endblock %}|{% block b %}base b{% endblock %}]",
                            "part.html": "<{{ text }}{{ x }}>",
                        },
                    )
                ]
            },
        }
    ],
)
django.setup()

from django.template import Context, engines  # noqa: E402
from django.utils import translation  # noqa: E402
from django.utils.safestring import SafeData, mark_safe  # noqa: E402
from django.urls import path  # noqa: E402

urlpatterns = [path("", lambda request: None, name="home")]

translation.activate("en")
engine = engines["django"].engine
LIBRARIES = {
    name: f"django.contrib.humanize.templatetags.{name}" if name == "humanize" else f"django.templatetags.{name}"
    for name in ("cache", "humanize", "i18n", "l10n", "static", "tz")
}


def tagged(value):
    """A value as the corpus writes it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, SafeData):
        return {"$safe": str(value)}
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else {"$int": str(value)}
    if isinstance(value, float):
        return {"$float": repr(value)}
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    if isinstance(value, list):
        return [tagged(item) for item in value]
    if isinstance(value, tuple):
        return {"$tuple": [tagged(item) for item in value]}
    if isinstance(value, dict):
        return {"$dict": [[tagged(key), tagged(item)] for key, item in value.items()]}
    if isinstance(value, set):
        return {"$set": [tagged(item) for item in sorted(value)]}
    if isinstance(value, range):
        return {"$range": [value.start, value.stop, value.step]}
    if isinstance(value, datetime.datetime):
        zone = None if value.tzinfo is None else {"zone": value.tzinfo.key}
        return {"$datetime": value.strftime("%Y-%m-%dT%H:%M:%S.%f"), "tz": zone}
    if isinstance(value, datetime.date):
        return {"$date": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"$time": value.strftime("%H:%M:%S.%f"), "tz": None}
    if isinstance(value, datetime.timedelta):
        return {"$timedelta": [value.days, value.seconds, value.microseconds]}
    raise TypeError(type(value))


VALUES = [
    None, True, False, 0, 1, -1, 2, 10, 12345, -12345, 1048576, 2**31, 10**18, 10**25, -(10**25),
    0.0, -0.0, 0.5, 1.5, 2.5, -0.5, 3.14159, 1234567.891, 1e15, 1e16, 1e-5, 1e22, 1e300,
    float("inf"), float("-inf"), float("nan"),
    Decimal("0"), Decimal("-0.0"), Decimal("1.50"), Decimal("2.5"), Decimal("-7.25"), Decimal("1E+3"), Decimal("1E-9"),
    Decimal("1234567.891"), Decimal("NaN"), Decimal("Infinity"),
    "", "a", "Hello World", "  sp  ace ", "it's \"q\" <b>&amp; & </b>", "12", "-3", "+7", "1.5", "1e5", ".5", "5.", "1_000",
    "١٢", "inf", "nan", "None", "True", "ünï ÀÉ ß İ ŉ", "日本語 テスト", "a\nb\r\nc\rd\n\n\ne", "<p>one <b>two</b> three</p>",
    "see http://a.b/?x=1&y=2, www.x.com (and a@b.co).", "%s %d {} \\ \t\x0b\x00", "a,b,c", "x\u2028y\u0301z\U0001f600",
    "aB cD-eF.gH 3rd o'neil", "1,234.5", "0x1F", "00012",
    mark_safe("<b>x</b> & y's"), mark_safe("12"), mark_safe(""),
    b"abc", b"\xc3\xa9\xff", b"",
    [], [1], [3, 1, 2], ["b", "<a>", "C"], [None, True, 1.5], [[1], [2, [3, "<x>"]]], ["a", ["b", ["c"]], "d"],
    [{"a": 1, "n": "x"}, {"a": 0, "n": "y"}], [{"a": 1}, {"b": 2}], [[2, "b"], [1, "a"]], [1, "a", None], ["", "0", 0],
    [mark_safe("<i>"), "<i>"], [["a", "b"], ["c", "d"]],
    (), (1, 2), ("<",), {}, {"a": 1, "b": "<"}, {"a": {"b": [1]}}, {1: 2}, set(), {1, 2}, range(0, 3, 1),
    datetime.date(2024, 2, 29), datetime.date(1, 1, 1),
    datetime.datetime(2024, 2, 29, 13, 5, 9, 123456), datetime.datetime(1999, 12, 31, 0, 0),
    datetime.datetime(2024, 7, 1, 12, 30, tzinfo=ZoneInfo("Europe/Paris")),
    datetime.time(0, 0), datetime.time(23, 59, 59, 999),
    datetime.timedelta(0), datetime.timedelta(days=-1, seconds=3), datetime.timedelta(days=800, microseconds=7),
]  # fmt: skip

#: Variables that arguments name.
NAMED = {
    "none": None, "yes": True, "n": 3, "neg": -2, "f": 1.7, "dec": Decimal("2.5"), "text": "a<b", "safe": mark_safe("<i>"), "empty": "",
    "digits": "2", "list": [1, 2], "words": ["x", "y"], "dict": {"a": 1, "k": "v"}, "date": datetime.date(2024, 3, 1),
    "moment": datetime.datetime(2024, 3, 1, 8, 0), "huge": 10**30, "byte": b"x", "tup": (1, 2),
    "rows": [{"k": 1, "v": "b"}, {"k": 1, "v": "a"}, {"k": 2, "v": "<c>"}], "pairs": [[1, "x"], [2, "y"]], "zero": 0,
}  # fmt: skip

ARGUMENTS = [
    None, "2", "-1", "0", "1.5", "'2'", "'-2'", "''", "'a'", "' '", "'a,b'", "'a,b,c'", "','", "'x\"<'", "'Y-m-d H:i:s'", "'DATE_FORMAT'",
    "':2'", "'1:'", "'::-1'", "'::0'", "'x:y'", "'s'", "'d'", "'05.2f'", "'x'", "'r'", "'2g'", "'2u'", "'-3g'", "'99999'", "'0.n'", "'n'",
    "none", "yes", "n", "neg", "f", "dec", "text", "safe", "empty", "digits", "list", "words", "dict", "date", "moment", "huge", "byte",
    "tup", "missing", "'%'", "'a.b'", "'A'",
]  # fmt: skip

#: With an argument, one value in so many is tried, each argument with others.
EVERY = int(os.environ.get("MATRIX_EVERY", "9"))

#: Those that depend on the clock or on chance.
LEFT_OUT = {"random", "naturaltime", "naturalday"}
CLOCKED = {"timesince", "timeuntil"}


def libraries(source):
    return {name: where for name, where in LIBRARIES.items() if "{% load " + name in source}


def record(identity, source, context, autoescape=True):
    """What Django makes of it."""
    expected = {}
    stage = "compile"
    # Each record has values of its own: a dictionary could be changed by a tag.
    tags = {name: tagged(value) for name, value in context.items()}
    try:
        template = engine.from_string(source)
        stage = "render"
        expected["output"] = str(template.render(Context(dict(context), autoescape=autoescape)))
    except Exception as error:
        expected["error"] = {
            "class": type(error).__name__, "module": type(error).__module__, "message": str(error), "stage": stage,
        }  # fmt: skip
    return {
        "id": identity, "kind": "render", "area": "matrix", "source": f"Django {django.VERSION[0]}",
        "templates": TEMPLATES, "entry": None, "template": source, "context": tags,
        "options": {
            "autoescape": autoescape, "string_if_invalid": "", "debug": False, "use_l10n": None, "use_tz": None,
            "libraries": libraries(source), "builtins": [],
        },
        "settings": {
            "USE_I18N": True, "USE_TZ": False, "TIME_ZONE": "UTC", "LANGUAGE_CODE": "en", "language": "en",
            "timezone": None, "STATIC_URL": "/static/", "MEDIA_URL": "/media/",
        },
        "services": {"urls": [{"view": "home", "args": [], "kwargs": [], "current_app": None, "lang": "en", "result": "/"}]},
        "expected": expected, "features": [],
    }  # fmt: skip


def filters():
    from importlib import import_module

    builtin = {}
    for library in engine.template_builtins:
        builtin.update((name, "") for name in library.filters)
    for name, where in LIBRARIES.items():
        for one in import_module(where).register.filters:
            builtin.setdefault(one, "{% load " + name + " %}")
    for name, load in sorted(builtin.items()):
        if name in LEFT_OUT:
            continue
        for turn, argument in enumerate(ARGUMENTS):
            expression = name if argument is None else f"{name}:{argument}"
            if name in CLOCKED and argument not in ("date", "moment", "text", "n"):
                continue
            source = load + "{{ v|" + expression + " }}"
            for at, value in enumerate(VALUES):
                if argument is not None and (at + turn) % EVERY:
                    continue
                context = {"v": value}
                if argument in NAMED:
                    context[argument] = NAMED[argument]
                made = record(f"m-{expression}-{at}", source, context)
                yield made
                if "error" in made["expected"] and made["expected"]["error"]["stage"] == "compile":
                    break
        if name in CLOCKED:
            continue
        # Without autoescaping, and where nothing is.
        for at, value in enumerate(VALUES):
            yield record(f"m-{name}-off-{at}", load + "{{ v|" + name + " }}", {"v": value}, autoescape=False)
        yield record(f"m-{name}-missing", load + "{{ missing|" + name + " }}", {})


WORDS = [
    "", "text", "n", "'lit'", "missing", "list", "rows", "dict", "none", "as", "in", "by", "with", "only", "x=1", "x=text", "text as t",
    "x in list", "x in rows", "a, b in pairs", "a,b in pairs", "a b in pairs", "x in dict.items", "k, v in dict.items", "x in none",
    "x in missing", "x in n", "x in list reversed", "x in list reverse", "x on list", "x in", "in list", "x|upper in list", "x in list|x",
    "a,, b in pairs", "a,b,c in pairs", "x in text", "_x in list", "x.y in list", "'x' in list", "rows by k as g", "rows by k", "rows by missing as g", "rows by v|upper as g",
    "n by k as g", "none by k as g", "rows k as g", "n 10 100", "n 0 100", "'x' 10 100", "n 10 'x'", "n 10 100 as w", "n 10", "text text text",
    "n none 100", "none 10 100", "n 10 none", "huge 10 100", "f 10 100",
    "'a' 'b'", "'a' 'b' as c", "'a' text as c silent", "'a' 'b' as c loud", "c", "'a,b'", "a,b", "missing text", "missing none 'fall'", "missing none",
    "safe text", "'Y'", "'Y' as y", "\"Y-m", "3", "3 w", "2 p", "1 b", "3 w random", "x w", "3 z", "3 w y", "on", "off", "maybe", "on off",
    "upper", "lower|upper", "cut:'a'", "safe", "escape", "nofilter", "upper lower", "openblock", "closeblock", "openvariable", "opencomment", "closebrace", "nope",
    "'part.html'", "part", "'missing.html'", "'part.html' with x=1", "'part.html' with x=text only", "'part.html' only", "'part.html' with", "'part.html' with x",
    "'part.html' only with", "'part.html' only only", "'part.html' x=1", "none", "n", "list", "'base.html'", "'base.html' 'b'", "x", "a b", "x inline", "x inline y", "x y inline",
    "x#y", "'home'", "'home' as u", "'nowhere'", "'nowhere' as u", "'home' 1", "'home' a=1", "'home' 1 a=1", "'home' a=", "'a.css'", "'a b?.css'", "'a.css' as s", "text 'b'",
    "a=1 b=text", "a=1", "a=none", "a=list", "dict", "dict a=2", "dict n", "a", "1=2", "a=1 as q", "a = 1", "text as", "as t", "text as t x", "text as t and n as u", "t=text and u=n",
    "t=", "=text", "t==text", "text|upper as t", "'de'", "'xx'", "text noop", "'lit' noop", "'lit' context 'c'", "'lit' context", "'lit' as t noop", "'lit' noop as t",
    "'lit' 'x'", "trimmed", "count c=n", "count n", "count c=text", "count c=list|length", "with t=text", "with t=text count c=n", "count c=n with t=text", "asvar t", "trimmed asvar t", "context 'c'",
    "'Europe/Paris'", "'No/Where'", "for 'de' as i", "for text as i", "for list as i", "as i", "60 frag", "60", "'x' frag", "missing frag", "none frag", "60 frag text using='default'", "60 frag text n", "60 frag using='nope'",
    "n == 3", "n = 3", "n", "not n", "n and", "and n", "n not in list", "n in list", "n is none", "n is not none", "none is none", "n not 3", "n == 3 and", "n == 3 or text == 'x' and not none", "(n)", "n <", "n > 1 > 0",
    "n < text", "text < 'b'", "none < 1", "list < n", "n in n", "n in none", "text in 'xa<by'", "missing in list", "n|missingfilter", "n ! 3", "n != 3 != 4", "not not n", "n and not", "not", "n is", "is n", "in", "missing.x == none",
    "dict.a == 1", "list.0 == 1", "list.9", "text.upper == 'A<B'", "n.x", "'a' == \"a\"", "1 == 1.0", "'1' == 1", "yes == 1", "'x' in dict", "'k' in dict", "1 in tup", "none in list", "f >= dec", "date < moment", "date == date", "f == 1.7",
]  # fmt: skip

#: Tags that end by another one, and what stands between.
PAIRS = {
    "if": "Y{% else %}N{% endif %}", "for": "{{ x }}{{ a }}{{ k }}:{{ forloop.counter }} {% empty %}E{% endfor %}", "ifchanged": "C{% else %}S{% endifchanged %}",
    "with": "{{ x }}{{ t }}{{ u }}{% endwith %}", "autoescape": "{{ text }}{% endautoescape %}", "filter": "{{ text }}a{% endfilter %}",
    "spaceless": "<b> </b> <i>{% endspaceless %}", "block": "{{ text }}{% endblock %}", "verbatim": "{{ text }}{% endverbatim %}", "comment": "{{ text }}{% endcomment %}",
    "partialdef": "P{% endpartialdef %}{% partial x %}", "language": "{{ f }}{% endlanguage %}", "blocktranslate": " {{ t }} {{ c }} x {% endblocktranslate %}[{{ t }}]",
    "blocktrans": "{{ c }} one{% plural %}{{ c }} many{% endblocktrans %}[{{ t }}]",
    "localize": "{{ f }}{% endlocalize %}", "localtime": "{{ moment }}{% endlocaltime %}", "timezone": "{{ moment }}{% endtimezone %}", "cache": "{{ text }}{% endcache %}",
}  # fmt: skip

#: What shows that a tag has done its work.
BEHIND = {
    "regroup": "{% for x in g %}{{ x.grouper }}:{{ x.list|length }},{{ x }};{% endfor %}", "cycle": "[{{ c }}]{% cycle c %}",
    "load": "{{ n|intcomma }}", "extends": "{% block a %}own {{ block.super }}{% endblock %}",
}  # fmt: skip

#: Those that need a request, depend on the clock or on chance, or print what only Python has.
LEFT_OUT_TAGS = {"csrf_token", "debug", "lorem", "querystring", "now", "random"}


def tags():
    from importlib import import_module

    found = {}
    for library in engine.template_builtins:
        found.update((name, "") for name in library.tags)
    for name, where in LIBRARIES.items():
        for one in import_module(where).register.tags:
            found.setdefault(one, "{% load " + name + " %}")
    for name, load in sorted(found.items()):
        if name in LEFT_OUT_TAGS:
            continue
        if name == "extends":
            load = ""
        behind = PAIRS.get(name) or "[{{ t }}{{ c }}{{ y }}{{ u }}{{ s }}{{ w }}{{ q }}{{ i }}]" + BEHIND.get(name, "")
        for at, words in enumerate(WORDS):
            source = load + "{% " + f"{name} {words}".strip() + " %}" + behind
            yield record(f"m-tag-{name}-{at}", source, NAMED)
        if name in PAIRS:
            yield record(f"m-tag-{name}-open", load + "{% " + name + " text %}x", NAMED)
            yield record(f"m-tag-{name}-ended", load + "{% end" + name + " %}", NAMED)


EXPRESSIONS = [
    "", "text", "text.upper", "text.", ".text", "text..x", "text|", "text|upper", "text |upper", "text| upper", "text |upper:", "text|cut:", "text|cut: 'a'", "text|cut:'a", "text|cut:a'b'",
    "'a'", "\"a\"", "'a", "'a\"", "'a\\'b'", "'a\\\\b'", "'a\\nb'", "_('a')", "_(\"a\")", "_('a'", "_(text)", "_('a')|upper", "text|default:_('x')", "1", "-1", "+1", "1.5", "1.", ".5", "1e3", "1E3", "1.5.2", "1a", "-a", "- 1", "--1",
    "1|add:1", "1|add:-1", "'1'|add:\"2\"", "1.0", "1e400", "00", "0x10", "1_000", "True", "False", "None", "true", "none", "True.x", "None|default:1", "None|default_if_none:1", "n.real", "n.bit_length",
    "list.0", "list.-1", "list.1.x", "list.9", "list.a", "dict.a", "dict.missing", "dict.items", "dict.keys", "dict.values", "dict.a.b", "tup.1", "text.0", "rows.0.v", "rows.2.v|lower", "rows.0",
    "_private", "text._private", "text.__class__", "text.x_y", "a-b", "a b", "text,n", "text=1", "text:1", "text|upper|lower", "text|upper lower", "text|nofilter", "text|upper:1", "text|cut", "ünï", "text.ünï", "text|add:n|add:'x'",
    "text|default:missing", "missing|default:'d'", "missing|upper", "missing.x.y", "missing|default_if_none:'x'", "missing|length", "missing|add:1", "missing|join:','", "none|upper", "none|length", "none.x", "n.x", "f.real",
    "date.year", "moment.hour", "date.weekday", "moment.isoformat", "moment.date", "byte.0", "byte", "list", "tup", "dict", "rows", "safe", "huge", "dec", "f", "date", "moment", "yes", "words.0.upper", "text.title", "text.split", "text.isdigit",
    "dict.get", "list.count", "list.append", "list.pop", "list.sort", "dict.pop", "text.format", "text.join", "text.splitlines", "text.strip", "text.swapcase", "text.capitalize", "text.lower", "text.encode", "f.is_integer", "f.hex", "dec.is_nan",
    "text|cut:missing", "text|add:none", "n|add:text", "n|add:list", "list|add:tup", "list|add:words", "tup|add:tup", "dict|add:dict", "safe|add:text", "text|add:safe", "safe|add:safe", "safe|upper", "safe|lower", "safe|cut:'i'", "safe|cut:';'",
    "text|safe", "text|escape", "text|force_escape", "safe|escape", "safe|force_escape", "text|escape|escape", "text|force_escape|force_escape", "text|safe|escape", "text|escape|safe", "text|escape|upper", "text|safe|upper", "words|join:safe", "words|join:text",
    "text|default:'<'", "''|default:'<'", "empty|default:safe", "'<b>'", "'<b>'|upper", "'<b>'|escape", "\"<b>\"|force_escape", "'<b>'|add:text", "text|add:'<b>'",
]  # fmt: skip


def expressions():
    for at, expression in enumerate(EXPRESSIONS):
        for way, source in [
            ("print", "{{ " + expression + " }}"), ("tight", "{{" + expression + "}}"), ("if", "{% if " + expression + " %}Y{% else %}N{% endif %}"),
            ("for", "{% for x in " + expression + " %}{{ x }},{% empty %}E{% endfor %}"), ("with", "{% with t=" + expression + " %}{{ t }}{% endwith %}"), ("first", "{% firstof " + expression + " %}"),
            ("eq", "{% if " + expression + " == text %}Y{% else %}N{% endif %}"), ("arg", "{{ text|default:" + expression + " }}|{{ empty|default:" + expression + " }}"),
            ("off", "{% autoescape off %}{{ " + expression + " }}{% endautoescape %}"),
        ]:  # fmt: skip
            yield record(f"m-expression-{way}-{at}", source, NAMED)


PARTS = {"filters": filters, "tags": tags, "expressions": expressions}
asked = sys.argv[1:] or list(PARTS)
for part in asked:
    for one in PARTS[part]():
        sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
