"""Random tallies of the support domain: desks of both parties that often do not know of each other, answering what the table lets them
answer, mostly with right figures. The same seed makes the same tally."""
import random

from amounts import to_millionths, to_value
from maker import NOW, PROFILE_HASH, Maker, lift, line
from settle import settle
from support_claim import claim_lines, claim_total
from support_issue import left_in_exchange, lines_by_number, rest
from support_kinds import KINDS, OPENERS, TABLE, THREAD_OPENERS
from support_settle import conversion_time
from amounts import Broken
from maker import PROFILE
from verdict import Move, fold

DAY = 86400000
DESKS = {"GB": ("GB-1", "GB-2", "GB-3"), "JP": ("JP-1", "JP-2", "JP-3")}
SPOKEN = {23: ["en", "x"]}
NAMES = {0: "GB", 1: "JP"}
# Moves that end a part early, made seldom.
ENDING = ("withdrawn", "declined", "rejected", "oral_denied", "unfilled", "closed", "annulled", "waived", "asked", "repudiated",
          "offer_countered", "amended", "netting_refused", "netting_withdrawn", "adjustment_refused")


class World:
    def __init__(self, seed, kinds=None):
        self.random = random.Random(seed)
        self.kinds = kinds
        self.made = Maker()
        self.made.desks()
        self.made.grant("GB-root", "GB-3", 3, f12={"GBP": 20000, "JPY": 50000})
        self.made.grant("JP-root", "JP-3", 3, f12={"GBP": 20000})
        self.seen = {}
        self.fold()

    def fold(self):
        self.tally = self.made.tally()
        fold(self.tally)
        settle(self.tally)

    # --- choosing -----------------------------------------------------------------------------------------------------

    def pick(self, *items):
        return self.random.choice(items)

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def step(self):
        """One more entry, at the fold as it is now."""
        what = self.random.randrange(100)
        moves = [entry for found in self.tally.moves.values() for entry in found]
        if not moves or what < (8 if len(self.tally.moves) < 3 else 1):
            self.begin()
        elif what < 16:
            self.acknowledge()
        elif what < 20:
            self.resolve_or_restate(moves)
        elif what < 50:
            self.open_part(moves)
        else:
            self.answer(moves)
        self.fold()

    def acknowledge(self):
        """A home names the last entry of every log; desks of its party may rely on it from then on."""
        party = self.pick("GB", "JP")
        self.made.now += 1000 * self.pick(0, 0, 86400)
        last = {name: entry for name, entry in self.made.last.items() if name != party + "-home"}
        refs = [entry for entry in last.values() if self.chance(80)]
        if refs:
            self.seen[party] = self.made.add(party + "-home", "home.acknowledged", {8: bytes(32)}, refs=refs)

    def relying(self, party):
        return {"seen": self.seen[party]} if party in self.seen and self.chance(60) else {}

    # --- threads ------------------------------------------------------------------------------------------------------

    def lines(self):
        lines = []
        for number in range(1, self.pick(2, 2, 3)):
            currency = self.pick("GBP", "GBP", "JPY")
            found = self.pick(
                line(number, self.pick(10, 100, [155, 1]), self.pick(250, 33), currency=currency),
                line(number, 40, settlement="return_same", currency=currency), line(number, 9, None, ceiling=900),
                lift(number, 10, self.pick(1200, 7), currency=currency), {**lift(number, [26, 1], 99), 13: "cash"},
                line(number, 60, category="food"))
            lines.append(found)
        return lines

    def begin(self):
        party = self.pick("GB", "JP")
        other = "JP" if party == "GB" else "GB"
        who = self.random.choice(DESKS[party])
        verb = self.pick("requested", "requested", "requested", "offered_unasked", "issued_unordered", "netting_proposed")
        if self.kinds is not None and verb not in self.kinds:
            verb = "requested"
        oral = {26: self.made.now, 27: "duty"} if self.chance(20) else {}
        if verb == "requested":
            own = {8: other, 9: "1a", 10: self.lines(), 11: "quay", 12: 20000, 18: True, 19: PROFILE_HASH, 20: 1}
            request = self.made.add(who, "support.requested", {**own, **oral}, **self.relying(party))
            if self.chance(80):
                offered = self.made.move(self.random.choice(DESKS[other]), "offered", self.make_offered(None, None), to=request)
                self.made.move(who, "accepted", {8: offered.id}, to=offered)
        elif verb == "netting_proposed":
            claims, total = self.netting_claims(party, other)
            self.made.net(claims, total, who, other, **self.relying(party))
        else:
            own = {12: 20000, **oral} if verb == "offered_unasked" else {28: NOW, 32: self.meters()}
            self.made.offer(who, other, self.lines(), verb, own, **self.relying(party))

    def meters(self):
        return [{0: number, 5: "list"} for number in range(1, self.pick(2, 3))]

    def netting_claims(self, creditor, debtor):
        claims = []
        for number in range(self.pick(2, 3)):
            amount = self.random.randrange(1, 300)
            claims.append({0: bytes([number]) * 32, 1: bytes([number]) * 32, 2: debtor if number == 0 else creditor, 3: "GBP",
                           4: amount, 8: amount})
        if self.chance(30):
            claims[-1].update({3: "JPY", 4: 1885, 5: [53, 4], 6: "bank", 7: 1, 8: 999})
        total = sum(claim[8] if claim[2] == debtor else -claim[8] for claim in claims)
        return claims, total

    # --- parts --------------------------------------------------------------------------------------------------------

    def heads_of(self, thread_id, part_type):
        heads = [head for opener in self.tally.moves[thread_id] if opener.opens and OPENERS[opener.kind_name] == part_type
                 for head in self.tally.heads[opener.id]]
        stale = [entry for entry in self.tally.moves[thread_id] if entry.after["type"] == part_type]
        return [self.random.choice(stale)] if stale and self.chance(4) else heads

    def open_part(self, moves):
        thread_id = self.random.choice(moves).thread_id
        opening = self.tally.entries[thread_id]
        orders = [head.after["state"] for head in self.tally.heads[thread_id]]
        if OPENERS[opening.kind_name] == "order" and not {"agreed", "amendment offered", "closed"} & set(orders) and self.chance(95):
            return
        verb = self.pick("issued", "issued", "taken", "claimed", "claimed", "claimed_unacknowledged", "refund_claimed",
                         "adjustment_proposed")
        if self.kinds is not None and verb not in self.kinds:
            verb = "issued"
        refs = self.refs_for(thread_id, verb)
        if refs is None:
            return
        own, more = self.fields_of_opener(verb, refs)
        first = THREAD_OPENERS[opening.kind_name]
        side = {"taken": "R", "refund_claimed": "R", "adjustment_proposed": self.pick("R", "S")}.get(verb, "S")
        party = NAMES[opening.party if side == first else 1 - opening.party]
        who = self.random.choice(DESKS[party])
        self.put_right(lambda fields: self.made.open(who, verb, fields, refs, opening, **{**self.relying(party), **more}), who, own)

    def refs_for(self, thread_id, verb):
        orders, issues, adjustments = (self.heads_of(thread_id, name) for name in ("order", "issue", "adjustment"))
        if verb in ("issued", "taken"):
            return orders[:1] or None
        if verb == "adjustment_proposed":
            return [self.random.choice(issues)] + (orders[:1] if self.chance(50) else []) if issues else None
        unordered = self.tally.entries[thread_id].kind_name == "issued_unordered"
        issues = [issue for issue in issues if self.chance(70)]
        adjustments = [entry for entry in adjustments if self.chance(70)] if verb != "claimed_unacknowledged" else []
        refs = (issues[:1] if unordered else orders[:1] + issues) + adjustments
        return refs or None

    def issue_lines(self, terms):
        lines = []
        for number, found in terms.items():
            if self.chance(80):
                quantity = self.pick(found[5], 1, 5, [105, 1], 10)
                lines.append({0: number, 1: quantity, **({5: "list"} if found[2] == "service" else {})})
        return lines

    def fields_of_opener(self, verb, refs):
        more = {}
        if verb in ("issued", "taken"):
            own = {9: NOW - self.pick(0, 3, 40) * DAY, 10: 540, 11: "quay", **({13: "x"} if verb == "taken" else {})}
            agreed = refs[0].after["agreed"] if refs[0].after["type"] == "order" else None
            lines = self.issue_lines(lines_by_number(agreed["terms"])) if agreed else []
            if lines and self.chance(80):
                own[8] = lines
        elif verb == "adjustment_proposed":
            own = {8: self.pick(1, 1, 2), 11: self.pick("price", "short")}
            own.update(self.pick({9: 3}, {9: 90}, {10: self.pick(0, 900, 3000)}, {9: 2, 10: 77}))
        else:
            own = {9: self.pick("GBP", "GBP", "JPY"), 10: 1}
            if verb == "claimed_unacknowledged" and self.chance(90):
                more["stated"] = NOW + self.pick(36, 37, 60, 90) * DAY
            if verb != "refund_claimed" and self.chance(30):
                own[8] = self.claim_lines(refs)
        return own, more

    def claim_lines(self, refs):
        issues = [ref for ref in refs if ref.after["type"] == "issue"]
        found = [{0: position, 1: number, 2: 0} for position, ref in enumerate(issues, 1) for number in sorted(ref.after["lines"])
                 if self.chance(80)]
        return found or [{0: 1, 1: 1, 2: 0}]

    def put_right(self, make, who, own):
        """Makes an entry; where only its sums are wrong, makes it once more with the right ones."""
        before = self.made.last.get(who)
        entry = make(own)
        if self.chance(10):
            return
        for _ in range(2):
            self.fold()
            judged = self.tally.entries[entry.id]
            if judged.rule not in ("S63", "S67"):
                return
            own = self.sums_right(judged, dict(own))
            if own is None:
                return
            self.made.made.pop()
            self.made.last[who] = before
            if before is None:
                del self.made.last[who]
            self.made.now -= 1000
            entry = make(own)

    def sums_right(self, judged, own):
        move = Move(self.tally, judged)
        try:
            lines = claim_lines(move)
            if judged.rule == "S63":
                own[8] = [{**given, 2: made["amount"]} for given, made in zip(own[8], lines)]
            own[10] = claim_total(lines)
        except Broken:
            return None
        return own

    # --- answers ------------------------------------------------------------------------------------------------------

    def answer(self, moves):
        heads = [head for opener in moves if opener.opens for head in self.tally.heads[opener.id]]
        heads += [head for head in heads if head.after["type"] != "order" for _ in range(6)]
        head = self.random.choice(heads if heads and self.chance(92) else moves)
        if head.after["state"] == "agreed" and head.after["type"] == "order" and self.chance(90):
            self.open_part(moves)
            return
        rows = [(kind, side) for (part, state, kind), sides in TABLE.items() for side in sides
                if part == head.after["type"] and state == head.after["state"] and (self.kinds is None or kind in self.kinds)]
        if not rows:
            return
        kind, side = self.random.choice([row for row in rows for _ in range(1 if row[0] in ENDING else 5)])
        opening = self.tally.entries[head.thread_id]
        first = THREAD_OPENERS[opening.kind_name]
        if self.tally.entries[head.part_id].kind_name == "refund_claimed":
            side = "S" if side == "R" else "R"
        party = NAMES[opening.party if side == first else 1 - opening.party]
        if self.chance(2):
            party = self.pick("GB", "JP")
        who = self.random.choice(DESKS[party])
        own, more = self.fields_of_answer(kind, head)
        if own is None:
            return
        self.put_right(lambda fields: self.made.move(who, kind, fields, to=head, **{**self.relying(party), **more}), who, own)

    def fields_of_answer(self, kind, head):
        make = getattr(self, "make_" + kind, None)
        found = make(head.after, head) if make else {}
        own, more = found if isinstance(found, tuple) else (found, {})
        if own is None:
            return None, None
        if KINDS[kind].get(23, (False,))[0] or 23 in KINDS[kind] and self.chance(10):
            own = {**own, **SPOKEN}
        return own, more

    def make_offered(self, state, head):
        own = {15: self.pick(540, 540, -300, 0)}
        if self.chance(60):
            own[16] = [{0: "GBP", 1: "JPY", 2: [1885, 1], 3: "bank", 4: 19000}]
        if self.chance(20):
            own[22] = self.made.now + self.pick(2000, 10**9)
        return own

    def make_declined(self, state, head):
        return {8: self.pick("other", "other", "odd")}

    def make_answered(self, state, head):
        return {10: self.lines()} if self.chance(20) else {11: "pier"}

    make_offer_countered = make_answered

    def make_amended(self, state, head):
        lines = [dict(found) for found in state["agreed"]["terms"][10]]
        for found in lines:
            if 8 not in found and self.chance(70):
                found.pop(11, None)
                found.update({8: 77, 10: "list"})
        return {10: lines}

    def make_accepted(self, state, head):
        own = {8: state["table"]["id"] if state["table"] and self.chance(95) else head.id}
        opening = self.tally.entries[head.thread_id]
        if (opening.kind_name == "offered_unasked" and state["agreed"] is None) != self.chance(5):
            own[18] = True
        return own

    def make_closed(self, state, head):
        issues = self.heads_of(head.thread_id, "issue")
        return {}, {"refs": issues} if issues and self.chance(80) else {}

    def make_taken_issued(self, state, head):
        own = {9: NOW, 10: 540, 11: "quay"}
        lines = self.issue_lines({number: found for number, found in lines_by_number(state["order"]["agreed"]["terms"]).items()
                                  if number in state["lines"]})
        return {**own, 8: lines} if lines and self.chance(70) else own

    def make_receipted(self, state, head):
        own, more = {}, {}
        if self.chance(40):
            lines = []
            for number, figures in sorted(state["lines"].items()):
                accepted = max(0, (figures["issued"] or 0) - self.pick(0, 10**6, 5 * 10**5))
                if self.chance(70):
                    lines.append({0: number, 1: to_value(accepted), **({6: "short"} if self.chance(90) else {}),
                                  **({4: 1} if self.chance(20) else {})})
            if lines:
                own[8] = lines
        takens = [entry for entry in self.tally.moves[head.thread_id] if entry.kind_name == "taken"]
        if takens and self.chance(30):
            more["refs"] = [self.random.choice(takens)]
        return own, more

    def make_ratified(self, state, head):
        own = {18: self.chance(95), **self.make_receipted(state, head)[0]}
        return {**own, 10: "storeman"} if self.chance(40) else own

    def make_figures_restated(self, state, head):
        own = self.make_receipted(state, head)[0]
        return own if 8 in own else {8: [{0: number, 1: 1, 6: "short"} for number in sorted(state["lines"])]}

    def make_repudiated(self, state, head):
        return {8: self.pick("not_ordered", "other", "odd")}

    def make_resolution_proposed(self, state, head):
        return {8: [{0: number, 1: to_value(self.pick(0, figures["issued"] or 0, figures["accepted"] or 0, 10**6))}
                    for number, figures in sorted(state["lines"].items())]}

    make_resolution_countered = make_resolution_proposed

    def make_resolution_agreed(self, state, head):
        new = state["unordered"] and state["order"]["orderer"] is None and any(found["proposed"] for found in state["lines"].values())
        return {18: True} if bool(new) != self.chance(5) else {}

    def late(self, state):
        time = conversion_time(PROFILE, state)
        return {"stated": time + self.pick(-1, 0, 0, DAY)} if self.chance(70) else {}

    def make_return_issued(self, state, head):
        own = {9: NOW}
        if self.chance(70):
            own[8] = [{0: number, 1: to_value(self.pick(rest(state, number), 10**6))} for number in sorted(state["lines"])]
        return own, self.late(state) if self.chance(50) else {}

    def make_return_accepted(self, state, head):
        if self.chance(50):
            return {}
        return {8: [{0: number, 1: to_value(self.pick(found["returning"], 10**6))} for number, found in sorted(state["lines"].items())]}

    def make_return_refused(self, state, head):
        return {8: self.pick("type", "class", "mood")}

    def make_cash_elected(self, state, head):
        return {}, self.late(state) if self.chance(30) else {}

    def make_converted(self, state, head):
        return {}, self.late(state) or {"stated": conversion_time(PROFILE, state) + DAY}

    def make_exchange_linked(self, state, head):
        items = []
        currency = None
        for number, found in sorted(state["lines"].items()):
            terms = lines_by_number(state["order"]["agreed"]["terms"])[number]
            left = left_in_exchange(state, number)
            if currency not in (None, terms[12]) or left <= 0:
                continue
            currency = terms[12]
            used = self.pick(left, max(1, left // 2), left + 1)
            items.append({0: number, 1: b"t" * 32, 2: b"i" * 32, 3: 1, 4: currency, 5: used, 6: used})
            if self.chance(20) and currency == "GBP":
                items[-1].update({4: "JPY", 5: (used * 1885 + 500) // 1000})
        if not items:
            return None
        others = [entry for entry in self.tally.order if entry.sort == "domain" and entry.thread_id != head.thread_id]
        return ({8: items, 9: currency, 10: sum(item[6] for item in items)},
                {"refs": [self.random.choice(others)]} if others and self.chance(30) else {})

    def make_exchange_certified(self, state, head):
        return {9: state["linked"][0], 10: state["linked"][1] + self.pick(0, 0, 0, 1)}

    def make_waived(self, state, head):
        return {8: "Act", 25: "treasury"}

    def make_queried(self, state, head):
        own = {9: self.pick("price", "price", "mood")}
        return {**own, 8: [{0: 1}]} if self.chance(40) else own

    def make_credited(self, state, head):
        credit = self.random.randrange(1, 200)
        return {8: [{0: 1, 1: credit}], 10: claim_total(state["lines"]) - credit}

    def make_reclaimed(self, state, head):
        own = {10: claim_total(state["lines"])}
        if self.chance(30):
            own[8] = self.claim_lines([entry for entry, _ in state["sources"]])
        return own

    def make_figured(self, state, head):
        return {10: max(1, claim_total(state["lines"]) - self.pick(0, 1, 100))}

    def make_figure_countered(self, state, head):
        return {10: 1} if self.chance(50) else {}

    def make_remitted(self, state, head):
        left = state["due"] - state["paid"]
        return {9: state["currency"], 10: self.pick(left, left, max(1, left // 2), left + 1), 11: "r", 12: 20000}

    def make_netted(self, state, head):
        others = [entry for entry in self.tally.order if entry.kind_name == "netting_agreed"]
        if not others:
            return None
        return {9: state["currency"], 10: state["due"] - state["paid"]}, {"refs": [self.random.choice(others)]}

    def make_netting_reproposed(self, state, head):
        opening = self.tally.entries[head.thread_id]
        if self.chance(40):
            return {10: 0}
        claims, total = self.netting_claims(NAMES[opening.party], NAMES[1 - opening.party])
        return {10: total, 11: claims}

    def make_netting_remitted(self, state, head):
        left = state["agreed"]["total"] - state["paid"]
        return {9: state["currency"], 10: self.pick(left, max(1, left // 2), left + 1), 11: "r", 12: 20000}

    # --- resolved and restated ----------------------------------------------------------------------------------------

    def resolve_or_restate(self, moves):
        parts = [heads for heads in self.tally.heads.values() if len(heads) > 1]
        if parts and self.chance(70):
            heads = self.random.choice(parts)
            some = self.random.sample(heads, self.random.randrange(2, len(heads) + 1))
            party = self.pick("GB", "JP")
            self.made.move(self.random.choice(DESKS[party]), "resolved", {8: self.random.choice(some).id}, to=some, **self.relying(party))
            return
        found = [entry for entry in self.tally.order if entry.kind_name and entry.kind_name not in ("resolved",) and
                 not entry.kind.endswith(".restated")]
        if not found:
            return
        named = self.random.choice([entry for entry in found if entry.verdict == "void"] or found)
        who = self.random.choice(DESKS[NAMES[named.party]])
        if named.opens:
            common = {} if named.thread is None else {"thread": self.tally.entries[named.thread]}
            self.made.add(who, "support.restated", {8: named.id}, refs=[self.tally.entries[name] for name in named.refs] + [named],
                          **common, **self.relying(NAMES[named.party]))
        elif named.answers:
            self.made.move(who, "restated", {8: named.id}, to=self.tally.entries[named.answers[0]],
                           refs=[self.tally.entries[name] for name in named.refs] + [named], **self.relying(NAMES[named.party]))


def world(seed, steps, kinds=None):
    made = World(seed, kinds)
    for _ in range(steps):
        made.step()
    return made.made
