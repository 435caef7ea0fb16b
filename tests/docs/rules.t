#!/usr/bin/python3
"""Every rule that a program can name has its sentence in data/rules.json, in Japanese and English, and no other has."""

import glob
import json
import os
import re

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DOCS = {
    "kernel": ("docs/format.md", r"[FK]\d+"),
    "support": ("docs/support-rules.md", r"S\d+"),
    "statement": ("docs/statement-rules.md", r"S\d+"),
    "national": ("docs/national-rules.md", r"N\d+"),
    "audit": ("docs/audit-rules.md", r"I\d+"),
}
LITERAL = r'"(?:[^"\\]|\\.)*"'
VALUE = re.compile(r"%(?:\.\*|\.\d+)?(?:ll|l|z)?[sdu]")
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
count = 0


def report(wrong, title):
    global count
    count += 1
    print(f"{'not ok' if wrong else 'ok'} {count} - {title}")
    for line in wrong:
        print(f"# {line}")


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


def numbered(section):
    """Rule numbers of the tables of a text. F1 stands in the kernel's words alone: its table is each kind's own."""
    path, form = DOCS[section]
    found = set(re.findall(r"^\| \**(" + form + r")\** \|", read(path), re.M))
    if section == "support":
        found = {rule for rule in found if rule.startswith("S")}
    return found | ({"F1"} if section == "kernel" else set())


def named(folder):
    """Rule numbers as the code of a folder writes them."""
    text = "".join(read(path) for path in glob.glob(os.path.join(TOP, folder)) if "_test." not in path and "/test_" not in path)
    return set(re.findall(r'"([SNI]\d+)"', text))


def literals(text):
    """Texts of C: those that stand one behind the other as one."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S).replace("'\"'", "").replace("'\\\"'", "")
    runs = re.findall(LITERAL + r"(?:\s*" + LITERAL + ")*", text)
    return {"".join(piece[1:-1] for piece in re.findall(LITERAL, run)).replace('\\"', '"').replace("\\\\", "\\") for run in runs}


def first_argument(text):
    """Up to the first comma that stands in no text and in no brackets."""
    depth, within, before = 0, False, ""
    for end, char in enumerate(text):
        within ^= char == '"' and before != "\\"
        depth += 0 if within else (char in "([") - (char in ")]")
        if char == "," and depth == 0 and not within:
            return text[:end], text[end + 1:]
        before = char
    return text, ""


def refusals(text):
    """Forms of the refusals of a file of guards: GUARD(condition, err, rule, source, FORM, ...)."""
    found = set()
    for call in re.findall(r"\bGUARD\((.*?)\);", text, re.S):
        form = ""
        for _ in range(5):
            form, call = first_argument(call)
        found |= literals(form)
    return found


# What nobody at a desk meets while both ends are whole, or meets with the one word of data/rules.json "messages" for all of its kind; so it stays English.
ENGLISH = [
    (r"out of memory|memory is out|no memory (for|to)|not enough memory|do not fit in memory|: no thread$", "for want of memory there is one word"),
    (r"not of the form that docs/|: not at this point of a session|: not in a session|^message |^look: |^state: said twice|^again: |^bye: |"
     r"^session: asks|^want: |^places|^sync: places|^sync: a session of another|^vector: |^chunk: ", "a partner's program speaks wrongly: one word"),
    (r"^(query|thread|tally|log|entry) %lld: not in this home$|^store: an empty statement|^store: an earlier write|^store: a step of this transaction|"
     r"^store: a script of SQL|^commands: |not well formed: %s|would not be well formed|its entry cannot be written", "a fault of this program"),
    (r"^lesson: |^practise: ", "lessons and their making, in the words of the one who wrote them"),
    (r"^%s(: %s)?$", "a value, which is said elsewhere"),
]


def arguments(call):
    """Of a call, from behind its bracket to the one that closes it."""
    found = []
    while True:
        depth, within, at = 0, False, 0
        for at, char in enumerate(call):
            escaped = at > 0 and call[at - 1] == "\\"
            within ^= char == '"' and not escaped
            depth += 0 if within else (char in "([{") - (char in ")]}")
            if not within and (depth < 0 or (depth == 0 and char == ",")):
                break
        found.append(call[:at])
        if call[at] != ",":
            return found
        call = call[at + 1:]


def messages(text):
    """Forms of the errors that a file makes."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    found = set()
    for call in re.finditer(r"\berr_(set|refuse|within)\(", text):
        form = arguments(text[call.end():])[2 if call.group(1) == "set" else 3]
        found |= literals(form)
    return found


def all_messages(sources, held):
    """What people meet, wherever it is said."""
    forms = set()
    for path, text in sources.items():
        if re.search(r"/src/(?!.*_fuzz)", path):
            forms |= messages(text)
    report([] if len(forms) > 600 else [f"{len(forms)} messages"], "messages are found")
    report(sorted(form for form in forms if form not in held and not any(re.search(kind, form) for kind, _ in ENGLISH)),
           f"each of {len(forms)} messages has its sentence")
    report([kind for kind, _ in ENGLISH if not any(re.search(kind, form) for form in forms)], "and what is left in English is there")


def details(rules):
    sources = {path: read(path) for path in glob.glob(TOP + "/src/**/*.c", recursive=True) if not path.endswith("_test.c")}
    known = set().union(*(literals(text) for text in sources.values()))
    known |= {os.strerror(number) for number in range(1, 134)}
    held = rules["details"]
    report([form for form in held if form not in known and not any(re.sub(r"%u", number, form) in known for number in ("6", "18"))],
           f"{len(held)} forms of messages that have a sentence are those of the program")
    guards = {form for path, text in sources.items() if re.search(r"_rules(_[a-z]+)?\.c$", path) for form in refusals(text)}
    report([] if len(guards) > 150 else [f"{len(guards)} guards"], "guards are found")
    report(sorted(guards - set(held)), f"each of {len(guards)} refusals of a guard has its sentence")
    all_messages(sources, held)
    table = re.search(r"rules\[\] = \{(.*?)\n\};", read("src/app/rules.c"), re.S).group(1)
    words = {text for text in literals(table) if " " in text}
    report([] if len(words) > 20 else ["no table found"], "the kernel's rules have words")
    report(sorted(words - set(held)), "and sentences for them, with what to do next")
    report([form for form, said in held.items() if set(re.findall(r"\{(.*?)\}", said)) - {str(n + 1) for n in range(len(VALUE.findall(form)))}],
           "a sentence names values that its form has")
    report([said for said in held.values() if re.search(r"[a-z]+ [a-z]+ [a-z]+", re.sub(r"`[^`]*`", "", said))
            or (not JAPANESE.search(said) and re.search(r"[A-Za-z]", said))], "and it is Japanese")


def main():
    rules = json.loads(read("data/rules.json"))
    for section in DOCS:
        wanted, held = numbered(section), set(rules[section])
        report([] if len(wanted) > 10 else ["no table found"], f"{section}: rules are numbered in {DOCS[section][0]}")
        report(sorted(wanted - held), f"{section}: every rule has its sentence")
        report(sorted(held - wanted), f"{section}: no sentence is of a rule that is not there")
    code = {"support": named("src/domain/support/*.[ch]"), "statement": named("src/domain/statement/*.[ch]"),
            "national": named("src/domain/national/*.[ch]")}
    report([] if len(code["support"]) > 100 else ["too few"], "the code names rules")
    report([f"{section} {rule}" for section in code for rule in sorted(code[section])
            if rule not in rules["audit" if rule[0] == "I" else section]], "each of them has its sentence")
    pairs = [(section, name, pair) for section, rows in rules.items() if isinstance(rows, dict) and section != "details" for name, pair in rows.items()]
    report([f"{section} {name}" for section, name, pair in pairs if len(pair) != 2 or not JAPANESE.search(pair[0])
            or not pair[0].endswith("。") or JAPANESE.search(pair[1]) or not pair[1].endswith(".")],
           f"{len(pairs)} sentences are Japanese and English, and end")
    source = "".join(read(path) for path in glob.glob(TOP + "/src/**/*.c", recursive=True))
    report([words for words in rules["messages"] if json.dumps(words)[1:-1] not in source],
           "messages that have a sentence are messages of the program")
    details(rules)
    print(f"1..{count}")


main()
