"""Writes django.txt: what real Django's migrations make of a database, step by step.

Run with a Python that has Django 5.2 or later: `python record.py`. The same migrations are in ../django.rs.
"""

import os
import sys
import tempfile
import types

import django
from django.conf import settings
from django.db import migrations, models

HERE = os.path.dirname(os.path.abspath(__file__))
CASCADE = models.CASCADE


def migration(number, operations, rows=()):
    """A migration of the app `shop`; `rows` are inserted after it."""
    name = f"{number:04}_step"
    dependencies = [("shop", f"{number - 1:04}_step")] if number > 1 else []
    attributes = {"operations": operations, "dependencies": dependencies}
    return name, type("Migration", (migrations.Migration,), attributes), rows


def big_auto():
    return models.BigAutoField(primary_key=True)


STEPS = [
    migration(
        1,
        [
            migrations.CreateModel(
                "Author",
                [("id", big_auto()), ("name", models.CharField(max_length=100, unique=True))],
            ),
            migrations.CreateModel(
                "Book",
                [
                    ("id", big_auto()),
                    ("title", models.CharField(max_length=200, db_index=True)),
                    ("pages", models.IntegerField(null=True)),
                    ("author", models.ForeignKey("shop.Author", CASCADE)),
                    ("sequel", models.ForeignKey("shop.Book", CASCADE, null=True)),
                ],
                options={
                    "unique_together": {("title", "author")},
                    "indexes": [models.Index(fields=["-title", "author"], name="title_idx")],
                },
            ),
        ],
        [
            "INSERT INTO shop_author VALUES (1, 'Ann'), (2, 'Bob')",
            "INSERT INTO shop_book (id, title, pages, author_id, sequel_id) VALUES"
            " (1, 'One', NULL, 1, 2), (2, 'Two', 20, 2, NULL)",
        ],
    ),
    migration(
        2,
        [
            migrations.AddField("Book", "isbn", models.CharField(max_length=13, default="it's")),
            migrations.AddField("Book", "sold", models.DateTimeField(null=True)),
            migrations.AddField(
                "Book", "editor", models.ForeignKey("shop.Author", CASCADE, null=True, related_name="+")
            ),
        ],
    ),
    migration(
        3,
        [
            migrations.AlterField("Book", "pages", models.PositiveIntegerField(default=7)),
            migrations.AlterField("Author", "name", models.CharField(max_length=150, unique=True)),
        ],
    ),
    migration(4, [migrations.RenameField("Book", "pages", "length")]),
    migration(
        5,
        [
            migrations.AlterUniqueTogether("Book", {("title", "isbn")}),
            migrations.RemoveField("Book", "sold"),
            migrations.RemoveField("Book", "editor"),
        ],
    ),
    migration(6, [migrations.AlterField("Author", "id", models.AutoField(primary_key=True))]),
    migration(
        7,
        [
            migrations.RemoveIndex("Book", "title_idx"),
            migrations.AddIndex("Book", models.Index(fields=["isbn"], name="isbn_idx")),
            migrations.AddConstraint(
                "Book", models.UniqueConstraint(fields=["isbn", "length"], name="isbn_length")
            ),
            migrations.AlterField("Book", "title", models.TextField(null=True)),
            migrations.CreateModel("Shelf", [("code", models.CharField(max_length=5, primary_key=True))]),
        ],
    ),
    migration(
        8,
        [
            migrations.RemoveConstraint("Book", "isbn_length"),
            migrations.AlterUniqueTogether("Book", set()),
            migrations.DeleteModel("Shelf"),
            migrations.RunSQL("UPDATE shop_book SET length = length + 1", "UPDATE shop_book SET length = length - 1"),
        ],
    ),
]


def main():
    shop = types.ModuleType("shop")
    shop.__path__ = [HERE]
    shop.__file__ = __file__
    sys.modules["shop"] = shop
    folder = tempfile.mkdtemp()
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(folder, "db")}},
        INSTALLED_APPS=["shop"],
        USE_TZ=True,
    )
    django.setup()
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from django.db.migrations.loader import MigrationLoader

    def load_disk(self):
        self.migrated_apps, self.unmigrated_apps = {"shop"}, set()
        self.disk_migrations = {("shop", name): made(name, "shop") for name, made, _ in STEPS}

    MigrationLoader.load_disk = load_disk

    def snapshot(out, title):
        out.write(f"## {title}\n")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
                " AND name <> 'django_migrations' ORDER BY type DESC, name"
            )
            for (sql,) in cursor.fetchall():
                out.write(sql + "\n")
            for table in connection.introspection.table_names():
                if table.startswith("shop_"):
                    cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
                    for row in cursor.fetchall():
                        out.write(f"-- {table}: " + ", ".join("NULL" if v is None else str(v) for v in row) + "\n")

    with open(os.path.join(HERE, "django.txt"), "w") as out:
        for name, _, rows in STEPS:
            MigrationExecutor(connection).migrate([("shop", name)])
            with connection.cursor() as cursor:
                for sql in rows:
                    cursor.execute(sql)
            snapshot(out, name)
        for name, _, _ in reversed(STEPS[:-1]):
            MigrationExecutor(connection).migrate([("shop", name)])
            snapshot(out, f"back to {name}")


main()
