"""Fills a model folder from a mirror over https: SHA256SUMS names the files, and a file that differs from it is not kept.

Runs in the model server's own image, so that nothing else has to be brought inside. Can be repeated: what is there and
right is not fetched again, and the folder is marked complete only when all of it is.
"""
import hashlib
import os
import re
import sys
import urllib.request

CHUNK = 8 * 1024 * 1024
LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def digest_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def wanted(listing):
    files = {}
    for line in listing.splitlines():
        match = LINE.fullmatch(line)
        if match is None:
            raise SystemExit(f"SHA256SUMS: not a line of sha256sum: {line[:80]!r}")
        name = match.group(2)
        if name.startswith("/") or ".." in name.split("/"):
            raise SystemExit(f"SHA256SUMS: outside the folder: {name!r}")
        files[name] = match.group(1)
    if not files:
        raise SystemExit("SHA256SUMS: names no file")
    return files


def fetch(url, path):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with urllib.request.urlopen(url, timeout=60) as answer, open(path, "wb") as file:
        while chunk := answer.read(CHUNK):
            file.write(chunk)


def main(source, folder):
    base = source.rstrip("/") + "/"
    with urllib.request.urlopen(base + "SHA256SUMS", timeout=60) as answer:
        listing = answer.read().decode()
    files = wanted(listing)
    for name, digest in sorted(files.items()):
        path = os.path.join(folder, name)
        if os.path.exists(path) and digest_of(path) == digest:
            print("there", name, flush=True)
            continue
        fetch(base + name, path + ".part")
        if digest_of(path + ".part") != digest:
            os.remove(path + ".part")
            raise SystemExit(f"{name}: its SHA-256 is not the one that SHA256SUMS names")
        os.replace(path + ".part", path)
        print("fetched", name, flush=True)
    with open(os.path.join(folder, ".complete"), "w") as file:
        file.write(hashlib.sha256(listing.encode()).hexdigest() + "\n")


main(sys.argv[1], sys.argv[2])
