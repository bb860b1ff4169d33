"""Makes common-passwords.txt.gz from any list of common passwords.

Usage: python3 make-common-passwords.py SOURCE

SOURCE holds one password a line and may be gzipped.
The result is lower case, sorted, without duplicates, and the same bytes on every run.
"""

import gzip
import sys

with open(sys.argv[1], "rb") as file:
    raw = file.read()
if raw[:2] == b"\x1f\x8b":
    raw = gzip.decompress(raw)
words = sorted({line.strip().lower() for line in raw.decode().splitlines()} - {""})
with open("common-passwords.txt.gz", "wb") as file:
    file.write(gzip.compress("\n".join(words).encode(), 9, mtime=0))
print(len(words), "passwords")
