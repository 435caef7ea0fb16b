"""Who signs: for each party and fiscal year a set of desks, each with an officer of its own; officers rotate, desks end a year after."""
import days

PARTIES = ("GB", "JP")
CURRENCIES = {"GB": "GBP", "JP": "JPY"}
FIRST_YEAR = 2017
PER_YEAR = 20

# name: (place within the year, roles, post)
PLACES = {
    "orderer": (1, ["orderer"], "Logistics officer"),
    "orderer2": (2, ["orderer"], "Logistics officer, relief"),
    "issuer": (3, ["issuer"], "Supply officer"),
    "issuer2": (4, ["issuer"], "Supply officer, second port"),
    "receiver": (5, ["receiver"], "Receiving officer"),
    "receiver2": (6, ["receiver"], "Receiving officer, second port"),
    "claims": (7, ["claims"], "Claims office"),
    "payer": (8, ["payer"], "Paying office"),
    "dispute": (9, ["dispute"], "Fleet support command"),
    "allround": (10, ["issuer", "orderer", "receiver"], "Liaison officer"),
    "junior": (11, ["orderer"], "Junior logistics officer"),
    "netting": (12, ["netting"], "Settlement office"),
    "waiver": (13, ["waiver"], "Treasury solicitor"),
    "reader": (14, ["reader"], "Clerk"),
    "spender": (15, ["payer"], "Sub-paying office"),
    "short": (16, ["receiver"], "Receiving officer, gone"),
    "sole": (17, ["orderer", "payer", "receiver"], "Attache"),
}
JUNIOR_LIMITS = {"GBP": 300000, "JPY": 500000}


def number_of(name, at):
    """The desk of that place in the fiscal year of a time."""
    year = max(FIRST_YEAR, days.fiscal_year(at // days.DAY))
    return (year - FIRST_YEAR) * PER_YEAR + PLACES[name][0]


def officer_of(party, number):
    return "%s.%03d" % (PARTIES[party].lower(), number)


def year_begins(year):
    return days.ms_of("%d-04-01" % year)


def until_of(number):
    """When a desk's grant ends: a year after its own, and for one of each year before it begins."""
    year = FIRST_YEAR + number // PER_YEAR
    return year_begins(year) if number % PER_YEAR == PLACES["short"][0] else year_begins(year + 2)


def roles_of(number):
    place = number % PER_YEAR
    return next(roles for at, roles, _ in PLACES.values() if at == place)


def limits_of(number):
    """Of a desk, or None: no limits."""
    return JUNIOR_LIMITS if number % PER_YEAR in (PLACES["junior"][0], PLACES["spender"][0]) else None


def revocation(party, number, last_good, at):
    return {"home": party, "tally": 0, "at": at,
            "revoke": {"number": number, "last_good_seq": last_good, "reason": "the device was stolen"}}


def grants(party, years):
    """Lines for the signer: the desks of a party in these fiscal years."""
    lines = []
    for year in years:
        base = (year - FIRST_YEAR) * PER_YEAR
        for place, roles, post in PLACES.values():
            number = base + place
            grant = {"number": number, "officer": officer_of(party, number), "post": post, "roles": roles,
                     "until": days.time_text(until_of(number))}
            if limits_of(number):
                grant["limits"] = limits_of(number)
            lines.append({"home": party, "tally": 0, "at": year_begins(year) - 30 * days.DAY, "grant": grant})
    return lines
