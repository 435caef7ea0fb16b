"""What is settled when every entry has its verdict: restated, rivals, built on, heads (docs/format.md, section 7)."""
from past import in_past
from verdict import DOMAINS, find_profile


def settle(tally):
    """Sets entry.overtaken and entry.pending of every move, and tally.heads: part id to the heads of the part."""
    tally.heads = {}
    for entry in tally.order:
        entry.pending = False
        entry.overtaken = entry.verdict == "valid" and needless(tally, entry)
    for thread_id, moves in tally.moves.items():
        settle_thread(tally, moves)
        for entry in moves:
            if entry.opens:
                tally.heads[entry.id] = heads_of(tally, [m for m in moves if m.part_id == entry.id])


def needless(tally, entry):
    """A restated whose named entry is not void."""
    return entry.sort == "domain" and entry.kind.endswith(".restated") and tally.entries[entry.own[8]].verdict != "void"


def settle_thread(tally, moves):
    answering = {}
    for entry in moves:
        for name in entry.answers:
            answering.setdefault(name, []).append(entry)
    naming = {}
    for entry in moves:
        if entry.opens:
            for name in entry.move_refs:
                naming.setdefault(name, []).append(entry)
    thread = Thread(tally, moves, answering, naming)
    settle_standing(thread)
    for head in sorted(moves, key=lambda entry: (entry.row, entry.id)):
        for party in sorted({entry.party for entry in answering.get(head.id, ())}):
            settle_head(thread, head, party)
    thread.spread()


class Thread:
    """The valid moves of a thread, who answers what, and who opened a part on what."""

    def __init__(self, tally, moves, answering, naming):
        self.tally, self.moves, self.answering, self.naming = tally, moves, answering, naming
        opening = next(entry for entry in moves if entry.id == entry.thread_id)
        self.profile = find_profile(tally, opening.move_own.get(19), opening)
        self.rules = DOMAINS[opening.domain]
        self.sides = self.rules.sides(tally, opening)

    def built_on(self, rival):
        """The ids of a rival and of all that is built on it."""
        found = {rival.id}
        todo = [rival.id]
        while todo:
            name = todo.pop()
            steps = [entry for entry in self.answering.get(name, ())
                     if entry.kind_name != "resolved" or entry.move_own[8] == name]
            for entry in steps + self.naming.get(name, []):
                if entry.id not in found:
                    found.add(entry.id)
                    todo.append(entry.id)
        return found

    def is_taken_up(self, rival):
        """Whether a move of another party names a move or one built on it."""
        names = self.built_on(rival)
        return any(entry.party != rival.party and any(name in names for name in entry.answers + entry.move_refs)
                   for entry in self.moves)

    def spread(self):
        """A move all of whose answers are overtaken is overtaken."""
        for entry in self.moves:
            if entry.answers and all(self.tally.entries[name].overtaken for name in entry.answers):
                entry.overtaken = True


# --- standing moves (step 2) ------------------------------------------------------------------------------------------


def standing_word(thread, entry):
    """Whether a move was made without the pen: stands, yields, rule, or None."""
    if entry.opens or entry.kind_name == "resolved":
        return None
    before = thread.tally.entries[entry.answers[0]].after
    return thread.rules.STANDING.get((before["type"], before["state"], entry.kind_name))


def stands_over(thread, word, standing, other):
    return thread.rules.prevails(thread, standing, other) if word == "rule" else word == "stands"


def settle_standing(thread):
    """Overtakes one of a standing move and a move of the other party that answers the same head."""
    overtaken = []
    for entry in thread.moves:
        word = standing_word(thread, entry)
        if word is None or entry.overtaken:
            continue
        for other in thread.answering[entry.answers[0]]:
            if other.party != entry.party and other.kind_name != "resolved" and not other.overtaken:
                overtaken.append(other if stands_over(thread, word, entry, other) else entry)
    for entry in overtaken:
        entry.overtaken = True


# --- rivals (step 3) --------------------------------------------------------------------------------------------------


def settle_head(thread, head, party):
    rivals = [entry for entry in thread.answering.get(head.id, ())
              if entry.party == party and entry.kind_name != "resolved" and not entry.overtaken]
    if len(rivals) < 2:
        return
    rivals.sort(key=lambda entry: entry.id)
    built = {rival.id: thread.built_on(rival) for rival in rivals}
    choosing = [(entry, choice(entry, built)) for entry in thread.moves if entry.kind_name == "resolved"]
    choosing = [(entry, chosen) for entry, chosen in choosing if chosen is not None]
    taken_up = [rival for rival in rivals if thread.is_taken_up(rival)]
    if not taken_up:
        standing = party_choice(choosing, party)
    elif len(taken_up) == 1:
        standing = taken_up[0].id
    else:
        choices = {party_choice(choosing, side) for side in thread.sides}
        standing = choices.pop() if len(choices) == 1 else None
    if standing is None:
        for entry, _ in choosing:
            entry.pending = True
        return
    for rival in rivals:
        rival.overtaken = rival.overtaken or rival.id != standing
    for entry, chosen in choosing:
        entry.overtaken = entry.overtaken or chosen != standing
    thread.spread()
    agreeing = [entry for entry, chosen in choosing if chosen == standing]
    own = any(entry.party == party for entry in agreeing)
    for entry in agreeing:
        if (entry.party != party and own) or is_left(thread, entry):
            entry.overtaken = True
    thread.spread()


def choice(entry, built):
    """The rival that a resolved chooses, or None where it is not for this head."""
    touched = [rival for rival, names in built.items() if any(name in names for name in entry.answers)]
    if len(touched) < 2:
        return None
    return next((rival for rival, names in built.items() if entry.move_own[8] in names), None)


def party_choice(choosing, party):
    """The rival that all the latest resolved of a party choose."""
    own = [(entry, chosen) for entry, chosen in choosing if entry.party == party]
    latest = {chosen for entry, chosen in own
              if not any(other is not entry and in_past(entry, other) for other, _ in own)}
    return latest.pop() if len(latest) == 1 else None


def is_left(thread, entry):
    """Whether what a resolved says stands is answered by another move, not overtaken, that is no resolved."""
    return any(other.kind_name != "resolved" and not other.overtaken for other in thread.answering.get(entry.move_own[8], ()))


def heads_of(tally, moves):
    live = [entry for entry in moves if not entry.overtaken and not entry.pending]
    answered = {name for entry in live for name in entry.answers}
    return sorted((entry for entry in live if entry.id not in answered), key=lambda entry: entry.id)
