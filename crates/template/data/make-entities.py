"""Writes entities.txt: HTML's named character references, a fact of the HTML standard, out of Python's own list.

A line is a name and the code points that it stands for; a name that needs its semicolon ends in one.
"""

import html.entities
import pathlib

lines = [
    f"{name} {' '.join(f'{ord(c):x}' for c in text)}"
    for name, text in sorted(html.entities.html5.items())
    # A name that also works without a semicolon is listed once, without it.
    if not (name.endswith(";") and html.entities.html5.get(name[:-1]) == text)
]
path = pathlib.Path(__file__).with_name("entities.txt")
path.write_text("\n".join(lines) + "\n", encoding="ascii")
