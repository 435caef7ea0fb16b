"""What the program's own commands said of a half, in the form of the second reader's report: told.py FOLDER."""
import json
import sys
from pathlib import Path

VERDICTS = ["valid", "void", "waiting", "overtaken", "unknown"]


def told(folder, name):
    return [json.loads(line) for line in (folder / ("told-" + name)).read_text(encoding="utf-8").splitlines()]


def claim_of(claim):
    """A claim that ended otherwise than by payment leaves nothing outstanding; its row keeps what was open when it ended."""
    left = 0 if claim["state"] in ("netted", "waived", "withdrawn") else claim["open_minor"]
    return {"number": claim["number"], "state": claim["state"], "currency": claim["currency"], "total": claim["total_minor"],
            "paid": claim["paid_minor"], "outstanding": left}


def balances_of(account, us, them):
    money = {}
    for balance in account["balances"]:
        for debtor, creditor, side in ((us, them, "we_owe"), (them, us, "owed_to_us")):
            sums = {name: balance[side][name + "_minor"] for name in ("claimed", "unclaimed", "netted", "adjusted", "owed")}
            if any(sums.values()):
                money.setdefault(debtor, {}).setdefault(creditor, {})[balance["currency"]] = sums
    return money


def in_kind_of(items, us, them):
    found = []
    for item in items:
        debtor, creditor = (us, them) if item["owed"] == "by_us" else (them, us)
        named = {"number": item["number"], "line": item["line"], "debtor": debtor, "creditor": creditor,
                 "quantity": item["quantity"], "unit": item["unit"]}
        if item["state"] in ("exchange due", "exchanging"):
            named.update(currency=item["currency"], amount=item["value_minor"])
        found.append(named)
    return found


def main():
    folder = Path(sys.argv[1])
    account = told(folder, "support account")[0]
    orders = told(folder, "orders")
    us = account["party"]
    them = "JP" if us == "GB" else "GB"
    owed = not account["rehearsal"]
    claims = [claim_of(claim) for order in orders for claim in order["claims"] if claim["state"]]
    report = {
        "digest": told(folder, "digest")[0]["digest"],
        "verdicts": {entry["id"]: [VERDICTS.index(entry["verdict"]), entry["rule"]] for entry in told(folder, "log")},
        "orders": sorted(({name: order[name] for name in ("number", "id", "state")} for order in orders),
                         key=lambda order: (order["number"], order["id"])),
        "claims": sorted(claims, key=lambda claim: claim["number"]),
        "balances": balances_of(account, us, them) if owed else {},
        "in_kind": in_kind_of(account["in_kind"], us, them) if owed else [],
        "without_price": in_kind_of(account["price_open"], us, them) if owed else [],
        "left_out": account["in_dispute_between_rivals"],
    }
    print(json.dumps(report, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
