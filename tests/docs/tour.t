#!/usr/bin/python3
"""The tour names pages that are served and pictures that are there; no picture lies about unused, and all are small together."""

import os
import re
import subprocess
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
MOST_BYTES = 1_500_000
count = 0


def tell(good, title, why=""):
    global count
    count += 1
    print(("ok" if good else "not ok") + f" {count} - {title}")
    if not good:
        print("# " + str(why))


def routes():
    told = subprocess.run([os.environ["WARIFU"], "serve", "--routes"], capture_output=True, text=True, check=True)
    return {line.split()[1] for line in told.stdout.splitlines() if line.startswith("GET ")}


def served(page, paths):
    return page in paths or any(path.endswith("/") and page.startswith(path) for path in paths if path != "/")


def main():
    with open(TOP + "/docs/tour.md", encoding="utf-8") as file:
        text = file.read()
    pictures = re.findall(r"!\[[^\]]+\]\((tour/[a-z-]+\.webp)\)", text)
    there = {"tour/" + name for name in os.listdir(TOP + "/docs/tour")}
    made = set(re.findall(r"\['([a-z-]+)', '(?:GB|JP)'", open(TOP + "/tests/web/tour.mjs", encoding="utf-8").read()))
    pages = re.findall(r"`(/[\w./-]*)`", text)
    tell(len(pictures) >= 10 and len(pages) >= 8, "the tour has pictures and pages", (len(pictures), len(pages)))
    tell(set(pictures) == there, "each picture that it shows is there, and no other", set(pictures) ^ there)
    tell({f"tour/{name}.webp" for name in made} == there, "each is made by `make tour`", made)
    small = sum(os.path.getsize(f"{TOP}/docs/{name}") for name in there)
    tell(small <= MOST_BYTES, "together they are small", small)
    paths = routes()
    lost = [page for page in pages if not served(page, paths)]
    tell(not lost, "each page that it names is served", lost)
    print(f"1..{count}")


main()
sys.exit(0)
