#!/usr/bin/python3
"""Every word that a page says stands in data/words.json, so that it is said in Japanese too."""

import glob
import json
import os
import re
import subprocess

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
TEXT = r'"((?:[^"\\]|\\.)*)"'
FILES = sorted(glob.glob(TOP + "/src/web/*.c") + glob.glob(TOP + "/src/domain/*/*_pages.c") + glob.glob(TOP + "/src/domain/*/*_lists.c"))
SKIPPED = re.compile(r"_test\.c$")


def known():
    with open(TOP + "/data/words.json", encoding="utf-8") as file:
        sections = json.load(file)
    return {word for words in sections.values() if isinstance(words, dict) for word in words}


def inside(text):
    """What stands up to the parenthesis that ends a call."""
    depth, end = 1, 0
    for end, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            break
    return text[:end]


def said(path):
    with open(path, encoding="utf-8") as file:
        text = re.sub(r'"\s*\n\s*"', "", file.read())
    for match in re.finditer(r"\b(?:html_word|ctx_word|WORD|page_form_close|label)\(", text):
        for word in re.findall(TEXT, inside(text[match.end():])):
            yield word
    for match in re.finditer(r"\b(?:filter_input|filter_select_open|page_link|cell|html_cell|fact|drawn_fact|item_cell)\(", text):
        words = re.findall(TEXT, inside(text[match.end():]))
        if words:
            yield words[0 if match.group().startswith(("cell", "html_cell", "fact", "drawn_fact", "item_cell")) else -1]
    for match in re.finditer(r"\b(?:form|text)_input\(", text):
        yield from re.findall(TEXT, inside(text[match.end():]))[2:]  # behind type and name
    for match in re.finditer(r"\bheads\[\] = \{(.*?)\};", text, re.S):
        yield from re.findall(TEXT, match.group(1))
    for match in re.finditer(r"\b(?:ask_close|ask_input|ask_passphrase|ask_area|ask_file|ask_choice|ask_group_open|paragraph|heading)\(", text):
        words = re.findall(TEXT, inside(text[match.end():]))
        labelled = re.match("ask_(input|passphrase|area|file)", match.group())
        if words and labelled:
            yield words[0]
        if words and not re.fullmatch("[a-z_]*", words[-1]) or words and not labelled:
            yield words[-1]
    for match in re.finditer(r"(?:listing_column columns\[\]|\.columns) = \{(.*?)\s*\}(?:;| *\},\n)", text, re.S):
        for words in re.findall(r"\{\s*" + TEXT + r",\s*" + TEXT, match.group(1)):
            yield words[1]
    for match in re.finditer(r"\bfacts\[\]\[2\] = \{(.*?)\n\t\};", text, re.S):
        yield from re.findall(r"\n\t\t\{ " + TEXT, match.group(1))


def helps(fields):
    for field in fields or ():
        yield field["help"]
        yield from helps(field.get("fields"))


def explained():
    """What help says of each move of the domains, of its fields and of who makes it; codes and numbers need no words."""
    program = os.environ.get("WARIFU", TOP + "/build/test/warifu")

    def rows(*kind):
        made = subprocess.run([program, "explain", *kind, "--json"], check=True, capture_output=True, text=True).stdout
        return [json.loads(line) for line in made.splitlines()]

    for kind in rows():
        if kind["domain"] != "kernel":
            whole = rows(kind["kind"])[0]
            yield kind["help"]
            yield from helps(whole["fields"])
            yield from (move["role"].capitalize() for move in whole["moves"] if move["role"])


def main():
    words = known()
    spoken = {(word, os.path.basename(path)) for path in FILES if not SKIPPED.search(path) for word in said(path)}
    silent = sorted((word, name) for word, name in spoken if re.search("[a-z]", word) and word not in words)
    print("ok 1 - pages say words" if len(spoken) > 60 else "not ok 1 - pages say words")
    print(("not ok" if silent else "ok") + " 2 - each of them is in the list of words, in Japanese")
    for word, name in silent:
        print(f'# "{word}" of {name}')
    said_of = {text for text in explained() if text and re.search("[a-z]{3}", text)}
    foreign = sorted(said_of - words)
    print("ok 3 - moves and fields have help" if len(said_of) > 200 else "not ok 3 - moves and fields have help")
    print(("not ok" if foreign else "ok") + " 4 - all of it is said in Japanese")
    for text in foreign:
        print(f"# {text}")
    with open(TOP + "/docs/glossary.md", encoding="utf-8") as file:
        rows = [line.strip().strip("|").split(" | ") for line in file if line.startswith("| ")][2:]
    half = [row[0] for row in rows if len(row) != 4 or not re.search("[\u3040-\u30ff\u4e00-\u9fff]", row[3])]
    print(("not ok" if half or len(rows) < 40 else "ok") + f" 5 - each of {len(rows)} words of ours has its meaning in both languages")
    for word in half:
        print(f"# {word}")
    print("1..5")


main()
