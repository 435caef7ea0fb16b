"""The state after a move, and what of it goes into the state encoding (docs/support-rules.md, 5.4 and 5.5)."""
from amounts import to_value
from support_claim import step_adjustment, step_claim
from support_issue import EXCHANGED, FIGURES, step_issue, step_order

# --- netting ----------------------------------------------------------------------------------------------------------


def step_netting(move):
    state = dict(move.here or {"type": "netting", "currency": move.own.get(9), "agreed": None, "table": None, "paid": 0,
                               "remitted": None})
    if move.kind in ("netting_proposed", "netting_reproposed"):
        state["table"] = {"id": move.id, "claims": move.own.get(11), "total": move.own[10]}
        state["state"] = "proposed"
    elif move.kind == "netting_agreed":
        state["agreed"], state["table"] = {**state["table"], "id": move.id}, None
        state["state"] = "agreed" if state["agreed"]["total"] else "settled"
    elif move.kind in ("netting_refused", "netting_withdrawn"):
        state["table"] = None
        without = "rejected" if move.kind == "netting_refused" else "withdrawn"
        state["state"] = "agreed" if state["agreed"] else without
    elif move.kind == "netting_remitted":
        state["remitted"] = [move.own[10], move.own[12], move.own[11]]
        state["state"] = "remitted"
    else:
        if move.kind == "netting_confirmed":
            state["paid"] += state["remitted"][0]
        state["remitted"] = None
        state["state"] = "settled" if state["paid"] == state["agreed"]["total"] else "agreed"
    return state


STEPS = {"order": step_order, "issue": step_issue, "claim": step_claim, "adjustment": step_adjustment, "netting": step_netting}


def step(move):
    return STEPS[move.part_type](move)


# --- data (5.4) -------------------------------------------------------------------------------------------------------


def data_of(state):
    if state["type"] == "order":
        agreed, table = state["agreed"], state["table"]
        return [
            state["orderer"],
            agreed and [agreed["id"], agreed["terms"]],
            table and [table["id"], table["terms"], table["valid_until"]],
        ]
    if state["type"] == "issue":
        lines = [[number] + [figures[name] if name == "reason" else to_value(figures[name]) for name in FIGURES]
                 + [figures[name] for name in EXCHANGED] for number, figures in sorted(state["lines"].items())]
        data = [state["taken"], state["terms_id"], state["method"], state["delivered_at"], state["receiver"], lines]
        return data + [state["order"]["orderer"]] if state["unordered"] else data
    if state["type"] == "netting":
        agreed, table = ([found["id"], found["claims"], found["total"]] if found else None
                         for found in (state["agreed"], state["table"]))
        return [state["currency"], agreed, table, state["paid"], state["remitted"]]
    if state["type"] == "adjustment":
        return [state["issue"], state["line"], to_value(state["quantity"]), state["amount"], state["difference"]]
    lines = [[line["part"], line["line"], to_value(line["quantity"]), line["amount"], line["credited"]]
             for line in state["lines"]]
    return [state["currency"], lines, state["due"], state["paid"], state["remitted"], state["figure"]]
