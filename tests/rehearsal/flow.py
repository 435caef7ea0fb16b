"""One order as its entries, and what they make of it: parts, each with its line of moves and what it holds after every one of them.

Who writes a plot says which verdict an entry is to get; a void one leaves parts as they are."""
from fractions import Fraction

import cast
import days
import goods

END_BY_METHOD = {"cash": "receipted", "return_same": "return due", "return_like": "return due", "service_like": "exchange due"}
RECEIVER_KINDS = ("receipted", "not_arrived", "taken", "figures_taken", "figures_restated")


def fresh(data):
    """A copy that may be changed without touching what it was after the move before."""
    return {name: dict(value) if isinstance(value, dict) else value for name, value in data.items()}


class Entry:
    """A line for the signer; verdict and rule are what the fold will say of it."""

    def __init__(self, **given):
        self.verdict, self.rule, self.answers, self.refs, self.fields = "valid", None, [], [], {}
        self.part = self.opened = self.order = None
        self.__dict__.update(given)

    def line(self, number):
        """As the signer reads it."""
        found = {"home": self.party, "tally": 0, "at": self.stated, "desk": self.desk, "kind": "support." + self.kind,
                 "as": self.label}
        if not self.opens_thread:
            found["thread"] = self.order.label
        if self.part and not self.opens:
            found["part"] = self.part.label
        for name in ("answers", "refs"):
            if getattr(self, name):
                found[name] = [entry.label for entry in getattr(self, name)]
        if self.fields:
            found["fields"] = self.fields
        return found

    @property
    def officer(self):
        return cast.officer_of(self.party, self.desk)


class Part:
    """line: (entry, state, data) after each valid move, from the opener to the head."""

    def __init__(self, letter, order):
        self.letter, self.order, self.line, self.label = letter, order, [], None
        self.opener = None

    def push(self, entry, state, data):
        self.line.append((entry, state, data))

    @property
    def head(self):
        return self.line[-1][0]

    @property
    def state(self):
        return self.line[-1][1]

    @property
    def data(self):
        return self.line[-1][2]


class Order:
    def __init__(self, world, label, receiver, at, offset, value):
        self.world, self.random, self.label = world, world.random, label
        self.receiver, self.supplier, self.at, self.offset, self.value = receiver, 1 - receiver, at, offset, value
        self.currency = cast.CURRENCIES[cast.PARTIES[self.supplier]]
        self.entries, self.issues, self.claims, self.adjustments = [], [], [], []
        self.part = Part("O", self)
        self.part.label = label
        self.places = {"orderer": self.random.choice(["orderer", "orderer2"]), "issuer": self.random.choice(["issuer", "issuer2"]),
                       "receiver": self.random.choice(["receiver", "receiver2"]), "claims": "claims", "payer": "payer",
                       "dispute": "dispute", "waiver": "waiver", "netting": "netting"}
        self.urgency, self.activity, self.category, self.invoice, self.lines = None, None, None, None, []
        # what a plot is told by plants (plants.py)
        self.plain, self.hooks, self.late, self.via = True, {}, {}, {}
        self.rivals = self.issued_already = self.received_already = self.speaks_late = self.oral = False
        self.return_after = None

    # --- time ---------------------------------------------------------------------------------------------------------

    def wait(self, low_hours, high_hours):
        """Time goes by: at least ten minutes, so that no two moves of an order crowd together."""
        span = max(1, int((high_hours - low_hours) * days.HOUR))
        self.at += max(10 * days.MINUTE, int(low_hours * days.HOUR) + self.random.randrange(span))

    def wait_until(self, at):
        self.at = max(self.at + 10 * days.MINUTE, at)

    # --- entries ------------------------------------------------------------------------------------------------------

    def sign(self, side, role, kind, part, opens=False, fields=None, refs=(), answers=None, place=None, desk=None, void=None,
             stated=None, note=False):
        """An entry by the desk of that role; part: what it moves or opens."""
        party = self.receiver if side == "R" else self.supplier
        desk = desk or cast.number_of(place or self.places[role], self.at)
        entry = Entry(party=party, desk=desk, at=self.at, stated=self.at if stated is None else stated, kind=kind, part=part,
                      opens=opens, opens_thread=opens and part is self.part, order=self, fields=fields or {}, refs=list(refs))
        entry.label = self.label if entry.opens_thread else "%s.%d" % (self.label, len(self.entries))
        entry.answers = [] if opens or note else [part.head] if answers is None else answers
        if void:
            entry.verdict, entry.rule = "void", void
        elif opens:
            part.label, part.opener = entry.label, entry
        self.entries.append(entry)
        return entry

    def move(self, side, role, kind, part, state, data=None, **more):
        entry = self.sign(side, role, kind, part, **more)
        if entry.verdict == "valid":
            part.push(entry, state, part.data if data is None else data)
        return entry

    # --- the order ----------------------------------------------------------------------------------------------------

    def terms(self):
        """What a request says of the terms."""
        last = self.at // days.DAY + self.random.randrange(3, 20)
        return {"lines": self.lines, "place": self.random.choice(["Yokosuka", "Portsmouth", "Djibouti", "Tacloban", "Singapore"]),
                "deliver_on": days.day_text(last)}

    def request_fields(self):
        fields = {"supplier": cast.PARTIES[self.supplier], "activity": self.activity, "charter": True, "profile": "profile",
                  "rule_set": 1}
        if self.urgency:
            fields["urgency"] = self.urgency
        fields.update(self.terms())
        return fields

    def request(self, void=None, change=None, place=None):
        """The opening; change: fields that make it wrong. A void one opens nothing."""
        fields = self.request_fields()
        fields.update(change or {})
        data = {"agreed": None, "table": dict(fields), "orderer": None, "offset": None, "table_offset": None, "urgency": self.urgency}
        entry = self.sign("R", "orderer", "requested", self.part, opens=True, fields=fields, void=void, place=place)
        if not void:
            self.part.push(entry, "requested", data)
        return entry

    def offer(self, void=None, place=None, **fields):
        data = dict(self.part.data, table=dict(self.part.data["table"], **fields), table_offset=self.offset)
        fields["utc_offset_minutes"] = str(self.offset)
        return self.move("S", "issuer", "offered", self.part, "offered", data, fields=fields, void=void, place=place)

    def offer_unasked(self):
        """S opens the thread; R will make the Charter statement when it accepts."""
        fields = {"receiver": cast.PARTIES[self.receiver], "activity": self.activity, "profile": "profile", "rule_set": 1,
                  "utc_offset_minutes": str(self.offset)}
        fields.update(self.terms())
        data = {"agreed": None, "table": dict(fields), "orderer": None, "offset": None, "table_offset": self.offset,
                "urgency": None}
        self.part.push(self.sign("S", "issuer", "offered_unasked", self.part, opens=True, fields=fields), "offered", data)

    def accept(self, void=None, terms=None, place=None, charter=None):
        head, data = self.part.head, self.part.data
        fields = {"terms": (terms or head).label}
        if charter:
            fields["charter"] = charter
        entry = self.sign("R", "orderer", "accepted", self.part, fields=fields, void=void, place=place)
        if not void:
            after = dict(data, agreed=data["table"], table=None, offset=data["table_offset"], orderer=entry.officer)
            self.part.push(entry, "agreed", after)
        return entry

    def simple(self, side, role, kind, state, fields=None, **more):
        """A move of the order that changes nothing but its state, or takes terms off the table."""
        return self.move(side, role, kind, self.part, state, fields=fields, **more)

    def counter(self, **fields):
        data = dict(self.part.data, table=dict(self.part.data["table"], **fields))
        return self.move("R", "orderer", "offer_countered", self.part, "requested", data, fields=fields)

    def amend(self, **fields):
        data = dict(self.part.data, table=dict(self.part.data["agreed"], **fields), table_offset=self.offset)
        return self.move("S", "issuer", "amended", self.part, "amendment offered", data, fields=fields)

    def refuse(self):
        data = dict(self.part.data, table=None)
        return self.move("R", "orderer", "refused", self.part, "agreed", data)

    def agree(self, offer_hours=(3, 20), accept_hours=(2, 40)):
        """Request, offer, acceptance, in time."""
        self.request()
        self.wait(*offer_hours)
        self.offer()
        self.wait(*accept_hours)
        self.accept()

    def close(self):
        ended = ("receipted", "annulled", "withdrawn", "settled", "waived")  # what is acknowledged is left unnamed
        refs = [issue.head for issue in self.issues if issue.state in ended]
        return self.simple("S", "issuer", "closed", "closed", refs=refs)

    def note(self, side, role, **more):
        return self.sign(side, role, "noted", self.part, fields={"remarks": "Called the partner's office."}, note=True, **more)

    # --- issues -------------------------------------------------------------------------------------------------------

    def quantities(self):
        return {line["line"]: Fraction(line["quantity"]) for line in self.part.data["agreed"]["lines"]}

    def issue(self, lines=None, delivered_at=None, void=None, change=None, place=None):
        """Of these quantities by line, in the unit of the terms; None: all that was agreed, said or left unsaid."""
        issue = Part("I", self)
        delivered_at = self.at - self.random.randrange(1, 3 * days.HOUR) if delivered_at is None else delivered_at
        fields = {"delivered_at": days.time_text(delivered_at), "utc_offset_minutes": str(self.offset), "place": "Quay",
                  "voucher": "V-%s-%d" % (self.label, len(self.entries))}
        whole = lines is None
        lines = lines or self.quantities()
        given = self.issue_lines(lines)
        if not whole or any("meter" in name for line in given for name in line) or self.random.random() < 0.3:
            fields["lines"] = given
        fields.update(change or {})
        entry = self.sign("S", "issuer", "issued", issue, opens=True, fields=fields, refs=[self.part.head], void=void, place=place)
        if not void:
            self.open_issue(issue, entry, "issued", delivered_at, lines, {"issued": dict(lines)})
        return issue

    def issue_lines(self, lines):
        """What is issued, by line; a service with the reading of its meter."""
        found = []
        terms = {line["line"]: line for line in self.part.data["agreed"]["lines"]}
        for number, quantity in sorted(lines.items()):
            line = {"line": number, "quantity": goods.decimal_text(quantity)}
            if terms[number]["kind"] == "service" and self.random.random() < 0.5:
                line["meter_reading"] = "page %d" % self.random.randrange(1, 400)
            elif terms[number]["kind"] == "service":
                begin = self.random.randrange(1, 5000)
                line.update(meter_start=str(begin), meter_end=goods.decimal_text(begin + quantity))
            found.append(line)
        return found

    def open_issue(self, issue, entry, state, delivered_at, lines, more):
        agreed = self.part.data["agreed"]
        terms = {line["line"]: line for line in agreed["lines"]}
        data = {"delivered_at": delivered_at, "receiver": None, "terms": {number: terms[number] for number in lines},
                "method": terms[min(lines)]["settlement"], "issued": {}, "accepted": {}, "chargeable": {}, "returning": {},
                "returned": {number: Fraction(0) for number in lines}, "offset": self.part.data["offset"] or 0, "cash_at": None}
        data.update(more)
        issue.push(entry, state, data)
        self.issues.append(issue)

    def end(self, data):
        return END_BY_METHOD[data["method"]]

    def receipt(self, issue, accepted=None, reason="short", delivered_at=None, place=None, desk=None, void=None, change=None,
                stated=None):
        """accepted: by line, where it differs; None: all as it was issued."""
        data = fresh(issue.data)
        fields = {}
        if accepted:
            fields["lines"] = [{"line": number, "accepted": goods.decimal_text(quantity), "reason": reason}
                               for number, quantity in accepted.items()]
        if delivered_at is not None:
            fields["delivered_at"] = days.time_text(delivered_at)
            data["delivered_at"] = delivered_at
        fields.update(change or {})
        data["accepted"] = {**data["issued"], **(accepted or {})}
        clean = data["accepted"] == data["issued"]
        if clean:
            data["chargeable"] = dict(data["issued"])
        entry = self.sign("R", "receiver", "receipted", issue, fields=fields, place=place, desk=desk, void=void, stated=stated)
        if not void:
            data["receiver"] = entry.officer
            issue.push(entry, self.end(data) if clean else "difference", data)
        return entry

    def not_arrived(self, issue):
        data = dict(fresh(issue.data), accepted={number: Fraction(0) for number in issue.data["issued"]})
        entry = self.sign("R", "receiver", "not_arrived", issue)
        data["receiver"] = entry.officer
        issue.push(entry, "difference", data)

    def concur(self, issue):
        data = dict(fresh(issue.data), chargeable=dict(issue.data["accepted"]))
        return self.move("S", "issuer", "concurred", issue, self.end(data), data)

    def dispute(self, issue, agree_at=None):
        """Contested, stood; agree_at: by line, what both sides' superiors settle on; None: it stays so."""
        remarks = {"remarks": "Our meter says otherwise."}
        self.move("S", "issuer", "contested", issue, "contested", fields=remarks)
        self.wait(20, 60)
        self.move("R", "dispute", "stood", issue, "disputed")
        if agree_at is None:
            return
        self.wait(20, 90)
        lines = [{"line": number, "quantity": goods.decimal_text(quantity)} for number, quantity in agree_at.items()]
        self.move("S", "dispute", "resolution_proposed", issue, "resolution", fields={"lines": lines})
        self.wait(20, 90)
        data = dict(fresh(issue.data), chargeable=dict(agree_at))
        self.move("R", "dispute", "resolution_agreed", issue, self.end(data), data)

    def annul(self, issue):
        return self.move("S", "issuer", "annulled", issue, "annulled")

    # --- what was taken -----------------------------------------------------------------------------------------------

    def take(self, place=None):
        """R records what it took when no issue was at hand: all that was agreed."""
        part = Part("I", self)
        delivered_at = self.at - self.random.randrange(1, 3 * days.HOUR)
        fields = {"delivered_at": days.time_text(delivered_at), "utc_offset_minutes": str(self.offset), "place": "At sea",
                  "handed_over_by": "deck officer of the tanker"}
        entry = self.sign("R", "receiver", "taken", part, opens=True, fields=fields, refs=[self.part.head], place=place)
        lines = self.quantities()
        self.open_issue(part, entry, "taken", delivered_at, lines, {"accepted": lines, "receiver": entry.officer})
        return part

    def issue_taken(self, part, delivered_at=None):
        """S confirms all of it. Its own time of delivery does not count."""
        fields = {"delivered_at": days.time_text(part.data["delivered_at"] + 17 * days.MINUTE), "place": "At sea",
                  "utc_offset_minutes": str(self.offset), "lines": self.issue_lines(part.data["accepted"])}
        data = fresh(part.data)
        data["issued"] = dict(data["accepted"])
        data["chargeable"] = dict(data["accepted"])
        return self.move("S", "issuer", "taken_issued", part, self.end(data), data, fields=fields)

    # --- return -------------------------------------------------------------------------------------------------------

    def rest(self, issue):
        data = issue.data
        return {number: data["chargeable"][number] - data["returned"][number] for number in data["chargeable"]}

    def send_back(self, issue, part_of=None, void=None, quantities=None):
        """part_of: a fraction of what is due; None: all of it."""
        fields = {"returned_at": days.time_text(self.at - days.HOUR), "place": "Quay"}
        due = {number: rest for number, rest in self.rest(issue).items() if rest > 0}
        if part_of:
            due = {number: max(Fraction(1), Fraction(int(rest * part_of))) for number, rest in due.items()}
        due = quantities or due
        if part_of or quantities:
            fields["lines"] = [{"line": number, "quantity": goods.decimal_text(quantity)} for number, quantity in due.items()]
        data = dict(fresh(issue.data), returning=due)
        return self.move("R", "receiver", "return_issued", issue, "returning", data, fields=fields, void=void)

    def take_back(self, issue):
        data = fresh(issue.data)
        for number, quantity in data["returning"].items():
            data["returned"][number] += quantity
        data["returning"] = {}
        left = any(data["chargeable"][number] > data["returned"][number] for number in data["chargeable"])
        return self.move("S", "issuer", "return_accepted", issue, "return due" if left else "settled", data)

    def refuse_return(self, issue, reason="class"):
        data = dict(fresh(issue.data), returning={})
        return self.move("S", "issuer", "return_refused", issue, "return due", data, fields={"reason": reason})

    def elect_cash(self, issue):
        data = dict(fresh(issue.data), cash_at=self.at)
        return self.move("R", "receiver", "cash_elected", issue, "receipted", data)

    def convert(self, issue, void=None):
        data = dict(fresh(issue.data), cash_at=self.at, returning={})
        return self.move("S", "claims", "converted", issue, "receipted", data, void=void)

    def link(self, issue, other, refs=()):
        """What the partner's reverse service is worth, held against this one: lines of one currency, all of them, of equal value."""
        items, total = [], 0
        for number, line in sorted(issue.data["terms"].items()):
            value = goods.amount(issue.data["chargeable"][number], line)
            total += value
            items.append({"line": number, "thread": other.order.label, "issue": other.label, "their_line": number,
                          "currency": line["currency"], "value_minor": value, "applied_minor": value})
        fields = {"items": items, "currency": self.currency, "total_minor": total}
        return self.move("R", "receiver", "exchange_linked", issue, "exchanging", fields=fields, refs=refs)

    def certify(self, issue):
        fields = {name: issue.head.fields[name] for name in ("currency", "total_minor")}
        return self.move("S", "issuer", "exchange_certified", issue, "settled", fields=fields)

    def waive(self, part):
        fields = {"law": "Public Finance Act, article 8", "authority": "W-%s" % self.label}
        return self.move("S", "waiver", "waived", part, "waived", fields=fields)

    # --- netting ------------------------------------------------------------------------------------------------------

    def set_off(self, claim, agreed):
        """By who owes the claim, under an agreed netting."""
        fields = {"currency": self.currency, "amount_minor": claim.data["due"] - claim.data["paid"]}
        return self.move("R", "netting", "netted", claim, "netted", fields=fields, refs=[agreed])

    def propose_netting(self, claims, void=None, wrong_minor=0):
        """claims: of both directions, payable; this thread's supplier is the net creditor."""
        items, total = [], wrong_minor
        for claim in claims:
            minor = claim.data["due"] - claim.data["paid"]
            total += minor if claim.order.receiver == self.receiver else -minor
            items.append({"thread": claim.order.label, "claim": claim.label, "owed_by": cast.PARTIES[claim.order.receiver],
                          "currency": claim.order.currency, "amount_minor": minor, "value_minor": minor})
        fields = {"partner": cast.PARTIES[self.receiver], "currency": self.currency, "total_minor": total, "claims": items,
                  "profile": "profile", "rule_set": 1}
        entry = self.sign("S", "netting", "netting_proposed", self.part, opens=True, fields=fields, void=void)
        if not void:
            self.part.push(entry, "proposed", {"total": total, "offset": 0})
        return entry

    def netting_move(self, side, kind, state, void=None, minor=None):
        fields = {}
        if minor is not None:
            fields = {"currency": self.currency, "amount_minor": minor, "reference": "N-%s-%d" % (self.label, len(self.entries)),
                      "value_on": days.day_text(self.at // days.DAY)}
        return self.move(side, "netting", kind, self.part, state, fields=fields, void=void)

    # --- without an order ---------------------------------------------------------------------------------------------

    def issue_unordered(self, void=None, change=None):
        """Goods handed over before anybody had asked on paper: the thread is that of the issue."""
        issue = self.part
        issue.letter = "I"
        delivered_at = self.at - self.random.randrange(1, 3 * days.HOUR)
        fields = {"receiver": cast.PARTIES[self.receiver], "activity": self.activity, "lines": self.lines, "place": "At sea",
                  "utc_offset_minutes": str(self.offset), "profile": "profile", "rule_set": 1,
                  "delivered_at": days.time_text(delivered_at)}
        fields.update(change or {})
        entry = self.sign("S", "issuer", "issued_unordered", issue, opens=True, fields=fields, void=void)
        if not void:
            lines = {line["line"]: Fraction(line["quantity"]) for line in self.lines}
            data = {"delivered_at": delivered_at, "receiver": None, "terms": {line["line"]: line for line in self.lines},
                    "method": self.lines[0]["settlement"], "issued": lines, "accepted": {}, "chargeable": {}, "returning": {},
                    "returned": {number: Fraction(0) for number in lines}, "offset": self.offset, "cash_at": None}
            issue.push(entry, "unordered", data)
            self.issues.append(issue)
        return issue

    def ratify(self, issue, void=None, charter=True, named=True):
        """named: R says who had received it; else the signer has."""
        receiver = cast.officer_of(self.receiver, cast.number_of(self.places["receiver"], self.at))
        fields = {"charter": charter}
        if named:
            fields["received_by"] = receiver
        entry = self.sign("R", "orderer", "ratified", issue, fields=fields, void=void)
        if not void:
            data = dict(fresh(issue.data), accepted=dict(issue.data["issued"]), chargeable=dict(issue.data["issued"]),
                        receiver=receiver if named else entry.officer)
            issue.push(entry, self.end(data), data)

    # --- adjustments --------------------------------------------------------------------------------------------------

    def adjust(self, issue, minor):
        """R says by how much the first line of an issue is too dear, and S agrees. An agreed one is a line of the next claim."""
        number, rest = min(self.rest(issue).items())
        adjustment = Part("A", self)
        fields = {"line": number, "amount_minor": goods.amount(rest, issue.data["terms"][number]) - minor, "reason": "price"}
        entry = self.sign("R", "receiver", "adjustment_proposed", adjustment, opens=True, fields=fields, refs=[issue.head])
        adjustment.push(entry, "proposed by receiver", {"offset": issue.data["offset"]})
        self.wait(5, 60)
        self.move("S", "issuer", "adjustment_agreed", adjustment, "adjusted")
        self.adjustments.append([adjustment, number, None, -minor, 0])

    # --- claims -------------------------------------------------------------------------------------------------------

    def claim_lines(self, issues):
        """Present lines of a claim of all that is left of these issues: (issue, line, quantity, amount)."""
        return [[issue, number, rest, goods.amount(rest, issue.data["terms"][number]), 0]
                for issue in issues for number, rest in sorted(self.rest(issue).items()) if rest > 0]

    def unacknowledged_lines(self, issues):
        """What S alone says that it issued."""
        return [[issue, number, quantity, goods.amount(quantity, issue.data["terms"][number]), 0]
                for issue in issues for number, quantity in sorted(issue.data["issued"].items())]

    def claim(self, issues, void=None, wrong_minor=0, change=None, place=None, desk=None, invoice=None, kind="claimed"):
        claim = Part("C", self)
        lines = self.claim_lines(issues) if kind == "claimed" else self.unacknowledged_lines(issues)
        plain = lines
        lines = lines + self.adjustments
        total = sum(line[3] for line in lines)
        fields = {"currency": self.currency, "total_minor": total + wrong_minor,
                  "invoice": invoice or "%s-%s-%d" % (cast.PARTIES[self.supplier], self.label, len(self.entries))}
        if self.random.random() < 0.3:
            fields["lines"] = [{"issue": issues.index(line[0]) + 1, "line": line[1], "amount_minor": line[3]} for line in plain]
        fields.update(change or {})
        refs = [part.head for part in ([] if self.part in issues else [self.part]) + issues + [line[0] for line in self.adjustments]]
        entry = self.sign("S", "claims", kind, claim, opens=True, fields=fields, refs=refs, void=void, place=place,
                          desk=desk)
        if not void:
            data = {"currency": self.currency, "lines": lines, "due": None, "paid": 0, "remitted": None, "total": total,
                    "offset": self.part.data["offset"] or 0}
            claim.push(entry, "claimed", data)
            self.claims.append(claim)
        return claim

    def withdraw_claim(self, claim):
        return self.move("S", "claims", "withdrawn", claim, "withdrawn")

    def approve(self, claim, place=None, void=None):
        data = dict(claim.data, due=claim.data["total"])
        return self.move("R", "payer", "approved", claim, "payable", data, place=place, void=void)

    def remit(self, claim, minor=None, place=None, void=None, currency=None):
        minor = claim.data["due"] - claim.data["paid"] if minor is None else minor
        fields = {"currency": currency or self.currency, "amount_minor": minor, "reference": "T-%s-%d" % (self.label, len(self.entries)),
                  "value_on": days.day_text(self.at // days.DAY)}
        return self.move("R", "payer", "remitted", claim, "remitted", dict(claim.data, remitted=minor), fields=fields, place=place,
                         void=void)

    def confirm(self, claim):
        data = dict(claim.data, paid=claim.data["paid"] + claim.data["remitted"], remitted=None)
        return self.move("S", "claims", "confirmed", claim, "settled" if data["paid"] == data["due"] else "payable", data)

    def not_found(self, claim):
        return self.move("S", "claims", "not_found", claim, "payable", dict(claim.data, remitted=None))

    def query(self, claim, reason="quantity"):
        return self.move("R", "payer", "queried", claim, "queried", fields={"reason": reason})

    def credit(self, claim, minor):
        """On the first line."""
        data = dict(claim.data)
        data["lines"] = [list(line) for line in data["lines"]]
        data["lines"][0][4] += minor
        data["total"] = claim.data["total"] - minor
        fields = {"items": [{"item": 1, "credit_minor": minor}], "total_minor": data["total"]}
        return self.move("S", "claims", "credited", claim, "claimed", data, fields=fields)

    def pay(self, claim):
        """Approval, remittance and confirmation, in time."""
        self.wait(24, 120)
        self.approve(claim)
        self.wait(24, 140)
        self.remit(claim)
        self.wait(24, 140)
        self.confirm(claim)
