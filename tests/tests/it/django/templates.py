"""Django's templates, and what Django makes of templates that we send.

Reads {"task": "shipped"} or {"task": "render", "cases": [[name or null, source or null, context], ...]} from stdin.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

import django
from django.conf import settings

ROOT = Path(django.__file__).parent
FOLDERS = sorted(path for path in ROOT.rglob("templates") if path.is_dir() and "app_template" not in str(path))
LIBRARIES = {
    "admin_list": "django.contrib.admin.templatetags.admin_list",
    "admin_modify": "django.contrib.admin.templatetags.admin_modify",
    "admin_urls": "django.contrib.admin.templatetags.admin_urls",
    "log": "django.contrib.admin.templatetags.log",
}

settings.configure(
    USE_TZ=True,
    TIME_ZONE="UTC",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.admin"],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": FOLDERS,
            "OPTIONS": {
                "libraries": {"humanize": "django.contrib.humanize.templatetags.humanize"},
            },
        }
    ],
)
django.setup()

from django.template import Context, engines
from django.utils.safestring import mark_safe

engine = engines["django"].engine


def shipped():
    """Every template of every package, and the names in the libraries that only Django has."""
    sources = {}
    for folder in FOLDERS:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                sources.setdefault(str(path.relative_to(folder)), path.read_text())
    libraries = {}
    for name, module in LIBRARIES.items():
        register = import_module(module).register
        libraries[name] = {"tags": sorted(register.tags), "filters": sorted(register.filters)}
    return {"version": django.__version__, "sources": sources, "libraries": libraries}


def value(json_value):
    """Lists and objects as they are; {"$safe": "text"} is safe text."""
    if isinstance(json_value, dict):
        if set(json_value) == {"$safe"}:
            return mark_safe(json_value["$safe"])
        return {key: value(item) for key, item in json_value.items()}
    if isinstance(json_value, list):
        return [value(item) for item in json_value]
    return json_value


def render(name, source, context):
    try:
        template = engine.get_template(name) if name else engine.from_string(source)
        return {"text": str(template.render(Context(value(context))))}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:200]}


task = json.load(sys.stdin)
if task["task"] == "shipped":
    answer = shipped()
else:
    answer = [render(*case) for case in task["cases"]]
json.dump(answer, sys.stdout)
