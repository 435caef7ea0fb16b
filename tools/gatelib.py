"""What the gates share: the files of a tree, C without its comments and strings, and the list of known exceptions."""

import os
import re
import sys

SKIPPED_FOLDERS = re.compile(r"\.git|build.*|node_modules|__pycache__")
MADE_BY_USE = {"demo"}  # at the top: the homes of `make demo`
C_SUFFIXES = (".c", ".h")
# Files below src/ that only test programs hold: x_test.c, x_fuzz.c, test_x.h.
TEST_FILES = re.compile(r"src/.*(_(test|fuzz)\.[ch]|/test_\w+\.h)$")

_C_TOKENS = re.compile(
    r"//[^\n]*|/\*.*?\*/"  # comments
    r'|"(?:\\.|[^"\\\n])*"'  # strings
    r"|'(?:\\.|[^'\\\n])*'",  # characters
    re.S,
)


def files(root, *folders):
    """Paths below root, relative to it, sorted; of all folders or of those named. `.git` is a file where trees share one history."""
    found = []
    for folder in folders or ("",):
        for path, names, entries in os.walk(os.path.join(root, folder)):
            left_out = MADE_BY_USE if os.path.samefile(path, root) else set()
            names[:] = sorted(name for name in names if not SKIPPED_FOLDERS.fullmatch(name) and name not in left_out)
            found += [os.path.relpath(os.path.join(path, entry), root) for entry in entries if entry != ".git"]
    return sorted(found)


def read(root, path):
    """The text of a file; None when it is not text."""
    with open(os.path.join(root, path), "rb") as file:
        data = file.read()
    try:
        return None if b"\0" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def strip_c(text, comments=True, strings=True):
    """C with comments and the insides of strings blanked; lines and columns stay."""

    def blank(match):
        token = match.group()
        if token[0] == "/":
            return re.sub(r"[^\n]", " ", token) if comments else token
        return token[0] + re.sub(r"[^\n]", " ", token[1:-1]) + token[-1] if strings else token

    return _C_TOKENS.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def matching_brace(text, offset):
    """Offset of the brace that closes the one at offset; the end of the text when none does."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(text, offset):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.start()
    return len(text)


class Gate:
    """Collects breaches, lets known exceptions pass, and fails for exceptions that nothing needs any more.

    A line of tools/known-exceptions is: gate path what reason. The list may only shrink.
    """

    def __init__(self, name, root):
        self.name = name
        self.breaches = []
        self.known = {}
        path = os.path.join(root, "tools", "known-exceptions")
        lines = open(path, encoding="utf-8").read().splitlines() if os.path.exists(path) else []
        for number, line in enumerate(lines, 1):
            fields = line.split(None, 3)
            if not fields or fields[0].startswith("#"):
                continue
            if len(fields) < 4:
                self.breaches.append(f"tools/known-exceptions:{number}: needs gate, path, what and a reason")
            elif fields[0] == name:
                self.known[fields[1], fields[2]] = [number, False]

    def breach(self, path, line, what, message):
        exception = self.known.get((path, what))
        if exception:
            exception[1] = True
        else:
            self.breaches.append(f"{path}:{line}: {message}")

    def finish(self, summary):
        for (path, what), (number, needed) in self.known.items():
            if not needed:
                self.breaches.append(
                    f"tools/known-exceptions:{number}: {self.name} {path} {what} is no longer needed; remove the line"
                )
        for text in self.breaches:
            print(text)
        print(f"{self.name}: {summary}; {len(self.breaches)} breaches")
        sys.exit(1 if self.breaches else 0)


def root_argument():
    """The tree to look at: the first argument, else the one this file lies in."""
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else here
