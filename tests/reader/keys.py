"""Keys: grants, standing, forks and successors (docs/format.md, section 5), and the rules that look at these only."""
from ed25519 import is_key
from export import is_opening
from kinds import FIELDS, kernel_fit
from past import in_past

GRANTS = ("desk.granted", "home.granted")
ROOT_LOG, MANY_NAMES = 4096, 64


def is_registrar(entry):
    roles = entry.grant.own.get(11) if entry.cls == "desk" else None
    return isinstance(roles, list) and "registrar" in roles


def class_fits(tally, entry):
    """Rule K1: the class of the signer."""
    kind, cls = entry.kind, entry.cls
    if kind == "tally.proposed":
        return is_opening(tally, entry) and cls == "root"
    if kind == "tally.accepted":
        return cls == "root" and entry.seq == 1 and entry.key not in tally.openers
    if kind in ("tally.amended", "tally.rules_accepted"):
        return cls == "root"
    if kind in GRANTS or kind == "grant.revoked":
        return cls == "root" or is_registrar(entry)
    if kind == "root.replaced":
        return cls == "recovery" and entry.seq == 1
    if kind == "tally.successor_seen":
        named = tally.entries.get(entry.refs[0])
        return cls == "root" and (named is None or named.party != entry.party)
    if kind in ("log.forked", "home.acknowledged"):
        return cls == "home"
    if kind == "attachment.erased":
        return cls in ("root", "desk")
    return cls == "desk"


def first_rules(tally, entry, fits):
    """F1, K1, K14, K15, which look at no other key."""
    if not fits(entry):
        return "F1"
    if not class_fits(tally, entry):
        return "K1"
    if entry.cls == "root" and entry.seq > ROOT_LOG:
        return "K14"
    if entry.cls == "root" and entry.start.source is None and entry.first.kind not in ("tally.proposed", "tally.accepted"):
        return "K15"
    return None


def find_firsts(tally):
    """The first entry of each entry's own log, and how deep its key stands below a root."""
    tally.depth = {}
    for entry in tally.order:
        entry.first = entry.before.first if entry.before else entry
        source = entry.start.source
        entry.depth = tally.depth[source.id] if source and source.kind in GRANTS else 0
        if entry.kind in GRANTS:
            tally.depth[entry.id] = entry.depth + 1


# --- successors (5.4) -------------------------------------------------------------------------------------------------


def find_successors(tally):
    """Which root.replaced count; tally.replacements maps an old root's key to those that limit its log."""
    groups = {}
    for entry in tally.order:
        if entry.kind == "root.replaced" and entry.first_rule is None:
            groups.setdefault(entry.key, []).append(entry)
    tally.successions = set()
    tally.replacements = {}
    done = set()
    for entry in tally.order:
        if entry.key in groups and entry.key not in done and entry.kind == "root.replaced":
            done.add(entry.key)
            settle_succession(tally, groups[entry.key])


def settle_succession(tally, group):
    group = [entry for entry in group if start_counts(tally, entry.start)]
    if len(group) > 1:
        seen = {entry.id for entry in group}
        named = {n for n in seen for other in tally.order if sees(tally, other, n)}
        group = [entry for entry in group if entry.id in named] if len(named) == 1 else []
    for entry in group:
        tally.successions.add(entry.id)
        source = entry.start.source
        old = source.own[8] if source else tally.opening.own[9][entry.party][1]
        tally.replacements.setdefault(old, []).append(entry)


def sees(tally, entry, name):
    if entry.kind != "tally.successor_seen" or entry.first_rule is not None or entry.refs != [name]:
        return False
    return entry.party != tally.entries[name].party


def start_counts(tally, start):
    """Whether the grant or succession that a log begins with counts."""
    source = start.source
    if source is None:
        return True
    if source.kind == "root.replaced":
        return source.id in tally.successions
    return source.early is None


# --- names and limits (5.2) -------------------------------------------------------------------------------------------


def find_names(tally):
    """For keys that someone revokes, replaces or forks: (entry named, entry of another party that names it)."""
    wanted = {entry.own.get(8) for entry in tally.order if entry.kind in ("grant.revoked", "log.forked")}
    wanted = {key for key in wanted if isinstance(key, bytes)}
    wanted.update(tally.replacements)
    tally.named_by = {}
    for entry in tally.order:
        for named in closure(tally, entry):
            if named.key in wanted and named.party != entry.party:
                tally.named_by.setdefault(named.key, []).append((named, entry))


def closure(tally, entry):
    """What an entry names, with the grants above."""
    found = {}
    todo = [n for n in entry.names() + [entry.thread, entry.part] if n in tally.entries]
    while todo:
        name = todo.pop()
        if name in found or name == entry.id:
            continue
        named = found[name] = tally.entries[name]
        if named.grant is not None and named.grant.kind in GRANTS:
            todo.append(named.grant.id)
    return found.values()


def reach(tally, key, names):
    """The highest seq that names reach, by segment of a key's log: a name on a branch is one on what it stands on."""
    found = {}
    for named in names:
        found[named.segment] = max(named.seq, found.get(named.segment, 0))
    for segment, first in sorted(tally.segments.get(key, {}).items(), reverse=True):
        if segment in found and first.before is not None:
            below = first.before.segment
            found[below] = max(first.before.seq, found.get(below, 0))
    return found


def set_limits(tally, key, revocations):
    """The limit of each segment of a log: the least over revocations of the greater of last good seq and what was named
    without them."""
    for revocation in revocations:
        good = revocation.own[9 if revocation.kind == "grant.revoked" else 10]
        without = [named for named, by in tally.named_by.get(key, ()) if not in_past(revocation, by)]
        named = reach(tally, key, without)
        for segment, first in tally.segments.get(key, {}).items():
            if not revocation_limits(tally, revocation, first):
                continue
            most = max(good, named.get(segment, 0))
            tally.limits[segment] = min(most, tally.limits.get(segment, most))


# --- forks (5.3) ------------------------------------------------------------------------------------------------------


def find_forks(tally):
    """tally.forks maps a key to the lowest seq that a log.forked proves."""
    tally.forks, tally.fork_findings = {}, {}
    find_branches(tally)
    for entry in tally.order:
        if entry.kind != "log.forked" or entry.first_rule or not fork_is_real(tally, entry):
            continue
        key, seq = entry.own[8], entry.own[9]
        if tally.entries[entry.refs[0]].cls in ("desk", "home"):
            tally.forks[key] = min(seq, tally.forks.get(key, seq))
            tally.fork_findings.setdefault(key, []).append(entry)


def find_branches(tally):
    """Gives every entry the one at which its log last forked, up to it (None: the log itself, before any fork).

    tally.logs maps a key to its entries, tally.segments to the first entry of each segment; tally.forked holds what ended by
    forking: an entry of that kind, or the key where the log itself forked.
    """
    tally.logs, tally.segments, tally.forked = {}, {}, set()
    followers = {}
    for entry in tally.order:
        tally.logs.setdefault(entry.key, []).append(entry)
        tally.segments.setdefault(entry.key, {}).setdefault(entry.segment, entry)
        followers.setdefault(entry.before or entry.key, []).append(entry)
    for entry in tally.order:
        alone = len(followers[entry.before or entry.key]) == 1
        entry.branch = (entry.before.branch if entry.before else None) if alone else entry
        if not alone:
            tally.forked.add(entry.before.branch or entry.key if entry.before else entry.key)


def fork_is_real(tally, entry):
    pair = [tally.entries.get(name) for name in entry.refs]
    return all(e is not None and e.key == entry.own[8] and e.seq == entry.own[9] for e in pair)


def find_fork_reach(tally):
    """How far each segment of a forked log was named before the fork was found."""
    tally.reach = {}
    for key, findings in tally.fork_findings.items():
        without = [named for named, by in tally.named_by.get(key, ())
                   if not any(in_past(finding, by) for finding in findings)]
        tally.reach.update(reach(tally, key, without))


# --- the rules up to K6 -----------------------------------------------------------------------------------------------


def grant_within(tally, entry):
    """Rule K5 for a grant: within the authority of its signer."""
    own = entry.own
    if own[8] in tally.named or not is_key(own[8]):
        return False
    if entry.cls == "root":
        return True
    above = entry.grant.own
    if not is_registrar(entry):
        return False
    if own[13] > above[13]:
        return False
    if entry.kind == "home.granted":
        return True
    if not set(own[11]) <= set(above[11]):
        return False
    if 15 not in above or not above[15][0] <= own[14] <= above[15][1]:
        return False
    if 12 not in above:
        return True
    return 12 in own and all(currency in above[12] and amount <= above[12][currency]
                             for currency, amount in own[12].items())


def is_above(tally, entry, start):
    """Whether the signer of a revocation is a root of the party that a log with this start is of, or a registrar above it."""
    if start.source is None or start.source.kind not in GRANTS:
        return False
    if entry.cls == "root":
        return start.party == entry.party
    grant = start.source
    while grant is not None and grant.kind in GRANTS:
        if entry.cls == "desk" and grant.key == entry.key:
            return True
        grant = grant.grant
    return False


def revocation_within(tally, entry):
    """Rule K5 for a revocation: by a root of the key's party or a registrar above one of the grants of the key."""
    if entry.cls == "desk" and not is_registrar(entry):
        return False
    return any(is_above(tally, entry, start) for start in tally.starts.get(entry.own[8], {}).values())


def revocation_limits(tally, revocation, first):
    """Whether a revocation counts for the log or branch that begins with this entry: it is above the grant of that log,
    and has fewer grants above it than the log."""
    if revocation.kind != "grant.revoked":
        return True
    return is_above(tally, revocation, first.start) and revocation.depth < tally.depth[first.start.source.id]


def early_rule(tally, entry):
    """The first rule of those up to K6 that makes an entry void."""
    if entry.first_rule:
        return entry.first_rule
    if not start_counts(tally, entry.start):
        return "K5"
    if entry.kind in GRANTS and not grant_within(tally, entry):
        return "K5"
    if entry.kind == "grant.revoked" and not revocation_within(tally, entry):
        return "K5"
    most = tally.limits.get(entry.segment)
    if most is not None and entry.seq > most and not stands_by_list(tally, entry):
        return "K2"
    if entry.seq >= tally.forks.get(entry.key, entry.seq + 1) and entry.seq > tally.reach.get(entry.segment, 0):
        return "K3"
    if entry.cls in ("desk", "home") and late(entry):
        return "K4"
    if entry.kind != "home.acknowledged" and len(entry.answers) + len(entry.refs) > MANY_NAMES:
        return "K6"
    return None


def late(entry):
    return entry.stated > entry.grant.own[13]


def stands_by_list(tally, entry):
    """A grant that a successor lists in its stand."""
    return any(entry.id in replaced.own.get(11, ()) for replaced in tally.replacements.get(entry.key, ()))


def find_rules(tally, fits):
    """Gives every entry entry.early, log by log from the roots down, so that each limit is known when it is needed."""
    find_firsts(tally)
    tally.openers = {entry.key for entry in tally.order if is_opening(tally, entry)}
    for entry in tally.order:
        known = entry.kind in FIELDS
        entry.first_rule = first_rules(tally, entry, kernel_fit if known else fits)
    find_forks(tally)
    find_successors(tally)
    find_names(tally)
    find_fork_reach(tally)
    tally.limits, revoking = {}, {}
    for key, replaced in tally.replacements.items():
        set_limits(tally, key, replaced)
    levels = {}
    for entry in tally.order:
        levels.setdefault(entry.depth, []).append(entry)
    for depth in sorted(levels):
        for key in {entry.key for entry in levels[depth]}:
            if key in revoking:
                set_limits(tally, key, revoking[key])
        for entry in levels[depth]:
            entry.early = early_rule(tally, entry)
            if entry.kind == "grant.revoked" and entry.early is None:
                revoking.setdefault(entry.own[8], []).append(entry)
    for key, found in revoking.items():
        set_limits(tally, key, found)
