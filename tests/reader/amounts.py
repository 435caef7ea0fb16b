"""Decimals, conversions and amounts (docs/support-rules.md, 4.1). A decimal is held as an integer of millionths."""
from entry import is_int
from units import UNITS

DIGITS = 10**18
AMOUNT_MAX = 2**63 - 1
MILLION = 10**6


class Broken(Exception):
    """A result does not fit its type, or what a guard needs is not there."""


def is_decimal(value):
    if is_int(value):
        return abs(value) < DIGITS
    if not isinstance(value, list) or len(value) != 2 or not is_int(value[0]) or not is_int(value[1]):
        return False
    return 1 <= value[1] <= 6 and value[0] % 10 != 0 and abs(value[0]) < DIGITS


def to_millionths(value):
    return value * MILLION if is_int(value) else value[0] * 10 ** (6 - value[1])


def reduced(millionths):
    """Mantissa and number of decimals, without trailing zeros."""
    decimals = 6
    while decimals and millionths % 10 == 0:
        millionths //= 10
        decimals -= 1
    return millionths, decimals


def to_value(millionths):
    """The encoding type of a decimal; None stays None."""
    if millionths is None:
        return None
    mantissa, decimals = reduced(millionths)
    return [mantissa, decimals] if decimals else mantissa


def fitting(millionths):
    if abs(reduced(millionths)[0]) >= DIGITS:
        raise Broken("decimal")
    return millionths


def fitting_amount(amount):
    if not -AMOUNT_MAX - 1 <= amount <= AMOUNT_MAX:
        raise Broken("amount")
    return amount


def rounded(numerator, denominator):
    """The quotient, rounded half away from zero."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def convertible(source, target):
    if source == target:
        return True
    first, second = UNITS[source], UNITS[target]
    return first[0] == second[0] and first[1] != 0 and second[1] != 0


def convert(millionths, source, target):
    """A quantity in another unit; Broken where it cannot be."""
    if source == target:
        return millionths
    if not convertible(source, target):
        raise Broken("unit")
    first, second = UNITS[source], UNITS[target]
    return fitting(rounded(millionths * first[1] * second[2], first[2] * second[1]))


def amount_of(quantity, price, per):
    """The amount of a quantity at a price for so many units; quantity and per in millionths."""
    return fitting_amount(rounded(price * quantity, per))


def sum_decimals(values):
    total = 0
    for value in values:
        total = fitting(total + value)
    return total


def sum_amounts(values):
    total = 0
    for value in values:
        total = fitting_amount(total + value)
    return total


def parse_percent(text):
    """A decimal that stands as text in a profile, in millionths; 0 for anything else."""
    if not isinstance(text, str) or not text.isascii():
        return 0
    whole, point, part = text.partition(".")
    sign = -1 if whole.startswith("-") else 1
    whole = whole.removeprefix("-")
    if not whole.isdigit() or (point and not part.isdigit()) or len(part) > 6 or len(whole) > 18:
        return 0
    return sign * int((whole + part.ljust(6, "0")))
