"""Pasts and waiting (docs/format.md, section 4). A past is a map of log segments to positions.

A segment is a run of entries of one log without a fork inside: an entry continues the segment of the entry before it, or,
where another did already, begins one of its own.
"""


def sort_entries(tally):
    """The entries, each after all that it depends on, whatever order they came in."""
    needs = {entry.id: {n for n in depends(tally, entry) if n in tally.entries} for entry in tally.entries.values()}
    users = {}
    for name, needed in needs.items():
        for other in needed:
            users.setdefault(other, []).append(name)
    ready = sorted((name for name, needed in needs.items() if not needed), reverse=True)
    order = []
    while ready:
        name = ready.pop()
        order.append(tally.entries[name])
        for user in sorted(users.get(name, ()), reverse=True):
            needs[user].discard(name)
            if not needs[user]:
                ready.append(user)
    if len(order) != len(tally.entries):
        raise ValueError("entries name each other in a ring")
    return order


def depends(tally, entry):
    names = set(entry.names())
    names.update(n for n in (entry.thread, entry.part) if n)
    if entry.before:
        names.add(entry.before.id)
    if entry.grant:
        names.add(entry.grant.id)
    if tally.opening and tally.opening is not entry:
        names.add(tally.opening.id)
    names.discard(entry.id)
    return names


def find_pasts(tally):
    """Gives every entry its segment and its past; sets tally.order."""
    tally.order = sort_entries(tally)
    segments = 0
    continued = set()
    for entry in tally.order:
        before = entry.before
        if before is not None and before.id not in continued:
            continued.add(before.id)
            entry.segment = before.segment
        else:
            entry.segment = segments
            segments += 1
        past = dict(before.past) if before else {}
        for name in depends(tally, entry):
            other = tally.entries.get(name)
            if other is not None and past.get(other.segment, 0) < other.seq:
                for segment, seq in other.past.items():
                    if past.get(segment, 0) < seq:
                        past[segment] = seq
        past[entry.segment] = entry.seq
        entry.past = past


def in_past(entry, of):
    return of.past.get(entry.segment, 0) >= entry.seq


def find_waiting(tally):
    """Marks what waits; tally.answered maps an id to the entries that answer it."""
    tally.answered = {}
    for entry in tally.order:
        for head in entry.answers:
            tally.answered.setdefault(head, []).append(entry)
    for entry in tally.order:
        entry.waits = entry.sort != "kernel" and waits(tally, entry)


def waits(tally, entry):
    for name in entry.names() + [n for n in (entry.thread, entry.part) if n]:
        other = tally.entries.get(name)
        if other is None or other.waits:
            return True
    for head in entry.answers:
        for other in tally.answered[head]:
            if other is not entry and in_past(other, entry) and other.waits:
                return True
    return False
