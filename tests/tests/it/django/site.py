"""A small Django site on a SQLite file, worked by steps that come as JSON on standard input.

Standard input is {"database", "secret_key", "settings", "steps": [[name, arguments], ...]}, where
"settings" are any of Django's by name; standard output is the list of what the steps gave back. Every step goes through Django's public functions, so that what the
tests compare with is Django itself.
"""

import json
import sys
from urllib.parse import urlencode

task = json.load(sys.stdin)

from django.conf import settings  # noqa: E402

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": task["database"]}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    ROOT_URLCONF=__name__,
    SECRET_KEY=task["secret_key"],
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {
            "registration/password_reset_confirm.html": "{{ title }}",
        })]},
    }],
    TIME_ZONE="UTC",
    USE_TZ=True,
    **task.get("settings", {}),
)

import django  # noqa: E402

django.setup()

from django.contrib import auth, messages  # noqa: E402
from django.contrib.auth.models import Permission, User  # noqa: E402
from django.contrib.auth.tokens import default_token_generator  # noqa: E402
from django.core import signing  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse, JsonResponse  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils.encoding import force_bytes  # noqa: E402
from django.utils.http import urlsafe_base64_encode  # noqa: E402
from django.utils.module_loading import import_string  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

SessionStore = import_string(settings.SESSION_ENGINE + ".SessionStore")


def whoami(request):
    user = request.user.get_username() if request.user.is_authenticated else None
    return JsonResponse({"user": user, "token": get_token(request)})


def protected(request):
    return JsonResponse({"method": request.method, "posted": request.POST.dict()})


@csrf_exempt
def add_message(request):
    messages.success(request, request.POST["text"])
    return JsonResponse({})


def read_messages(request):
    return JsonResponse({"messages": [[m.level, m.message] for m in messages.get_messages(request)]})


urlpatterns = [
    path("whoami/", whoami),
    path("protected/", protected),
    path("messages/add/", add_message),
    path("messages/", read_messages),
    path("accounts/", include("django.contrib.auth.urls")),
]


def migrate():
    call_command("migrate", verbosity=0)


def pending_migrations():
    """What `migrate` would still do: nothing, on a database that another program has migrated."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def create_user(username, password, permissions=(), **fields):
    user = User.objects.create_user(username, password=password, **fields)
    for name in permissions:
        app, codename = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return {"id": user.pk, "password": user.password}


def user(username):
    found = User.objects.get(username=username)
    return {
        "id": found.pk,
        "password": found.password,
        "email": found.email,
        "is_active": found.is_active,
        "is_superuser": found.is_superuser,
        "permissions": sorted(found.get_all_permissions()),
    }


def check_password(username, password):
    return User.objects.get(username=username).check_password(password)


def authenticate(username, password):
    found = auth.authenticate(username=username, password=password)
    return found and found.get_username()


def set_password(username, password):
    found = User.objects.get(username=username)
    found.set_password(password)
    found.save()


def log_in(username, data=None):
    """A session row of a user who has logged in."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    auth.login(request, User.objects.get(username=username), "django.contrib.auth.backends.ModelBackend")
    request.session.update(data or {})
    request.session.save()
    return {"session_key": request.session.session_key, "data": dict(request.session.items())}


def session(session_key):
    return dict(SessionStore(session_key).items())


def request(method, path, cookies=None, form=None, headers=None):
    """One request through Django's middleware, with CSRF checks."""
    client = Client(enforce_csrf_checks=True, headers=headers or {})
    for name, value in (cookies or {}).items():
        client.cookies[name] = value
    answer = client.get(path) if method == "GET" else client.generic(
        method,
        path,
        urlencode(form or {}),
        content_type="application/x-www-form-urlencoded",
    )
    is_json = answer.headers["Content-Type"] == "application/json"
    return {
        "status": answer.status_code,
        "json": answer.json() if is_json else None,
        "cookies": {name: morsel.value for name, morsel in answer.cookies.items()},
    }


def set_signed_cookie(name, value, salt):
    response = HttpResponse()
    response.set_signed_cookie(name, value, salt=salt)
    return response.cookies[name].value


def get_signed_cookie(name, value, salt):
    request = RequestFactory().get("/")
    request.COOKIES[name] = value
    return request.get_signed_cookie(name, default=None, salt=salt)


def create_cache_table():
    call_command("createcachetable", verbosity=0)


def dumps(value, salt, compress=False):
    return signing.dumps(value, salt=salt, compress=compress)


def loads(value, salt):
    return signing.loads(value, salt=salt)


def reset_link(username):
    """The path that Django would mail to a user."""
    found = User.objects.get(username=username)
    uid = urlsafe_base64_encode(force_bytes(found.pk))
    return f"/accounts/reset/{uid}/{default_token_generator.make_token(found)}/"


def use_reset_link(path, password):
    """Opens a link with Django's own views, and sets a password by it."""
    client = Client()
    opened = client.get(path)
    if opened.status_code != 302:
        return False
    done = client.post(opened.headers["Location"], {"new_password1": password, "new_password2": password})
    return done.status_code == 302


def version():
    return django.get_version()


STEPS = {
    step.__name__: step
    for step in (
        authenticate, check_password, create_cache_table, create_user, dumps,
        get_signed_cookie, loads, log_in, migrate, pending_migrations, request, session,
        reset_link, set_password, set_signed_cookie, use_reset_link, user, version,
    )
}

json.dump([STEPS[name](**arguments) for name, arguments in task["steps"]], sys.stdout, default=str)
