#!/usr/bin/python3
"""The terminal: passphrases without echo, what a terminal without UTF-8 sees, columns in Japanese, what strangers typed."""
import json
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import unicodedata

TOP = pathlib.Path(__file__).resolve().parents[2]
WARIFU = os.environ.get("WARIFU", str(TOP / "build" / "warifu"))
WORK = pathlib.Path(tempfile.mkdtemp())
NOW = ["--now", "2013-11-20"]
count = 0


def ok(good, title, said=""):
    global count
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {title}")
    if not good:
        print("# " + str(said).replace("\n", "\n# "))


def environment(**more):
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "GCOV_PREFIX")}
    return {**kept, "HOME": str(WORK), "WARIFU_STATE": str(WORK / "state"), **more}


def run(*args, home="gb", env=None):
    done = subprocess.run([WARIFU, "--home", str(WORK / home), *NOW, *args], env=env or environment(WARIFU_PASSPHRASE="x", LC_ALL="C.UTF-8"),
                          stdin=subprocess.DEVNULL, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def must(*args, **more):
    status, out, err = run(*args, **more)
    if status:
        print(f"Bail out! {args}: {err.decode()}")
        sys.exit(1)
    return out.decode()


def on_terminal(answers, *args, env=None):
    """Runs the program on a terminal of its own; answers are typed when a question stands there. Exit status and what was seen."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execve(WARIFU, [WARIFU, "--home", str(WORK / "gb"), *NOW, *args], env or environment(LC_ALL="C.UTF-8"))
    seen, at = b"", 0
    while True:
        ready = select.select([fd], [], [], 60)[0]
        try:
            part = os.read(fd, 4096) if ready else b""
        except OSError:
            part = b""
        if not part:
            break
        seen += part
        if answers and re.search(rb"(: |\] )$", seen[at:]):
            at = len(seen)
            os.write(fd, answers.pop(0).encode() + b"\n")
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), seen.decode("utf-8", "replace")


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_questions():
    must("init", "--party", "GB")
    status, seen = on_terminal(["secret one", "secret two"], "party", "new", "--strength", "light")
    ok(status == 2 and "differ" in seen, "a new passphrase is typed twice, and must be the same", seen)
    ok("secret" not in seen, "what is typed is not shown", seen)
    status, seen = on_terminal(["s e c"] * 4, "party", "new", "--strength", "light")
    ok(status == 0 and "passphrase of the new root key GB:" in seen, "each key asks for its own", seen)
    status, seen = on_terminal(["", ""], "party", "new", "--strength", "light")
    ok(status == 2 and "empty" in seen, "an empty passphrase is none", seen)
    status, out, err = run("party", "new", env=environment(LC_ALL="C.UTF-8"))
    must("init", "--party", "JP", home="jp")
    must("party", "new", "--strength", "light", home="jp")
    must("party", "export", "-o", str(WORK / "jp.party"), home="jp")
    status, seen = on_terminal(["s e c"] * 4, "tally", "propose", "--agreement", str(TOP / "data/agreement-gb-jp-rehearsal.json"),
                               "--with", str(WORK / "jp.party"), "--rehearsal", "-o", str(WORK / "opening"))
    ok(status == 0, "the root key is asked for when it signs", seen)
    must("tally", "accept", str(WORK / "opening"), "--yes", home="jp")
    status, seen = on_terminal(["s e c"] * 2, "desk", "request", "--officer", "a", "--post", "補給担当官", "--roles", "orderer,receiver",
                               "--strength", "light", "-o", str(WORK / "card"))
    ok(status == 0, "a desk's key is the officer's", seen)
    status, seen = on_terminal(["no"], "desk", "grant", str(WORK / "card"))
    ok(status == 2 and "not confirmed" in seen and "fingerprint" in seen, "a grant asks whether the words were read", seen)
    status, seen = on_terminal(["yes", "s e c"], "desk", "grant", str(WORK / "card"), "--number", "7")
    ok(status == 0, "and is made when they were", seen)
    status, seen = on_terminal(["wrong"], "support", "note", "GB-07-0001", "--remarks", "x")
    ok(status == 2, "what is not there asks for nothing", seen)
    passfile = WORK / "pass"
    passfile.write_text("s e c\n")
    status, out, err = run("--passphrase-file", str(passfile), "support", "request", "--supplier", "JP", "--activity", "1b", "--place",
                           "タクロバン", "--deliver-on", "2013-11-27", "--charter", "--line",
                           "line=1 category=water kind=supply description_ja=飲料水 quantity=5 unit=LTR unit_price_minor=10 currency=GBP "
                           "price_basis=agreed settlement=cash", env=environment(LC_ALL="C.UTF-8"))
    ok(status == 0, "a passphrase may come from a file", err)
    status, out, err = run("support", "note", "GB-07-0001", "--remarks", "x", env=environment(LC_ALL="C.UTF-8", WARIFU_PASSPHRASE="other"))
    ok(status == 4 and b"passphrase" in err, "a wrong one opens nothing", err)


def test_columns():
    out = must("--lang", "ja", "desk", "list")
    lines = out.splitlines()
    place = width(lines[0][: lines[0].index("担当官")])
    ok(width(lines[1][: lines[1].index(" a ") + 1]) == place, "columns line up under Japanese headings and posts", out)
    ok("期限" in out, "headings are in Japanese", out)
    status, out, err = run("desk", "list", env=environment(LANG="ja_JP.UTF-8"))
    ok("期限" in out.decode(), "by --lang, or as LANG says")


def test_ascii():
    for name, env in (("LANG=C", {"LANG": "C"}), ("LC_ALL=POSIX", {"LC_ALL": "POSIX", "LANG": "ja_JP.UTF-8"})):
        status, out, err = run("--lang", "ja", "desk", "list", env=environment(**env))
        ok(status == 0 and all(byte < 128 for byte in out) and b"\\u{88DC}\\u{7D66}" in out, f"{name}: what it cannot show is escaped", out)
    status, out, err = run("desk", "list", "--json", env=environment(LANG="C"))
    row = json.loads(out)
    ok(all(byte < 128 for byte in out) and row["post"] == "補給担当官", "JSON stays JSON, and loses nothing", out)
    status, out, err = run("support", "note", "GB-07-0001", env=environment(LANG="C"))
    ok(all(byte < 128 for byte in err), "so do errors", err)
    status, out, err = run("desk", "list", env=environment())
    ok("補給担当官".encode() in out, "where no locale is named, a pipe gets UTF-8", out)
    status, seen = on_terminal([], "desk", "list", env=environment())
    ok(status == 0 and seen.isascii() and "\\u{88DC}" in seen, "and a terminal ASCII", seen)


def test_strangers():
    """A post is what its owner typed; here it would turn the line around and clear the screen, if it could."""
    card = (WORK / "card").read_text()
    status, out, err = run("desk", "request", "--officer", "b", "--post", "a\x1b[2Jb", "--roles", "payer", "--strength", "light")
    ok(status == 2 and b"\x1b" not in err, "controls are refused where they are typed", err)
    must("desk", "request", "--officer", "b", "--post", "safe\u202egnorts", "--roles", "payer", "--strength", "light", "-o", str(WORK / "card2"))
    passfile = str(WORK / "pass")
    must("--passphrase-file", passfile, "desk", "grant", str(WORK / "card2"), "--number", "8", "--yes", env=environment(LC_ALL="C.UTF-8"))
    out = must("desk", "list")
    ok("\u202e" not in out and "safe" in out, "a text that would turn the line around does not", out)
    status, out, err = run("--passphrase-file", passfile, "--desk", "8", "show", must("log", "--json", "--count", "1").split('"id":"')[1][:16])
    ok(b"\xe2\x80\xae" not in out and b"\\u{202E}" in out, "in what show decodes neither", out)
    ok("words:" in card, "a card is text")


def test_progress():
    status, seen = on_terminal([], "rebuild")
    ok(status == 0 and "rebuild: " in seen, "long work shows progress on a terminal", seen)
    status, out, err = run("rebuild")
    ok(status == 0 and b"rebuild: " not in err, "and none in a file", err)


try:
    test_questions()
    test_columns()
    test_ascii()
    test_strangers()
    test_progress()
finally:
    shutil.rmtree(WORK)
print(f"1..{count}")
