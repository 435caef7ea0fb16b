"""What is ordered: goods and services with prices invented for the rehearsal; exact money, rounded half away from zero, line by line."""
from fractions import Fraction

RATE = 165  # JPY for one GBP: the rate of the agreement of rehearsals

# category, kind, unit, description, price in yen, price in pence, what else the line holds
CATALOGUE = [
    ("fuel", "supply", "LTR", "Marine diesel", "軽油", 80, 52, {"fuel_code": "F-76"}),
    ("fuel", "supply", "LTR", "Aviation fuel", "航空燃料", 95, 61, {"fuel_code": "F-44"}),
    ("food", "supply", "13", "Combat rations", "戦闘糧食", 1200, 790, {}),
    ("water", "supply", "LTR", "Drinking water", "飲料水", 12, 8, {}),
    ("clothing", "supply", "EA", "Blankets", "毛布", 2500, 1650, {"nsn_or_fsc": "7210"}),
    ("parts", "supply", "EA", "Pump, bilge", "ビルジポンプ", 185000, 118000, {"nsn_or_fsc": "4320-99-123-4567"}),
    ("ammunition", "supply", "EA", "Cartridge 5.56 mm", "5.56mm普通弾", 90, 60, {"nsn_or_fsc": "1305"}),
    ("food", "service", "Q3", "Meals ashore", "食事の提供", 900, 610, {"meter": "diners"}),
    ("billeting", "service", "DAY", "Lodging", "宿泊", 5200, 3900, {"meter": "person-nights"}),
    ("transport", "service", "HUR", "Helicopter lift", "ヘリコプター輸送", 420000, 265000, {"meter": "flight hours"}),
    ("transport", "service", "TKM", "Road transport", "道路輸送", 60, 41, {"meter": "way bills"}),
    ("medical", "service", "DAY", "Bed-nights", "入院", 38000, 24500, {"meter": "ward book"}),
    ("storage", "service", "DAY", "Cold storage", "冷蔵保管", 27000, 17400, {"meter": "store book"}),
    ("ports", "service", "DAY", "Berth and tugs", "岸壁及び曳船", 310000, 201000, {"meter": "harbour log"}),
    ("repair", "service", "LH", "Hull repair", "船体修理", 7500, 5100, {"meter": "work sheets"}),
    ("communications", "service", "HUR", "Satellite time", "衛星通信", 46000, 30500, {"meter": "exchange log"}),
]


def rounded(value):
    """To whole units, half away from zero."""
    value = Fraction(value)
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))


def amount(quantity, line):
    """Of a quantity at the price of a line of terms."""
    return rounded(Fraction(line["unit_price_minor"]) * Fraction(quantity) / Fraction(line.get("per", "1")))


def total(lines, currency):
    """Of the values of those lines that are in this currency: the amount, or the ceiling where a line has no price."""
    return sum(amount(line["quantity"], line) if "unit_price_minor" in line else line.get("ceiling_minor", 0)
               for line in lines if line["currency"] == currency)


def yen(minor, currency):
    """For totals only: pounds at the rate of the agreement."""
    return minor if currency == "JPY" else rounded(Fraction(minor * RATE, 100))


def decimal_text(quantity):
    """A quantity as the program reads it: at most 6 decimals, exact."""
    quantity = Fraction(quantity)
    whole = quantity * 10 ** 6
    assert whole.denominator == 1
    text = "%d.%06d" % divmod(int(whole), 10 ** 6)
    return text.rstrip("0").rstrip(".")


def make_line(random, number, item, currency, value_yen, method):
    """A line of terms worth about so many yen."""
    category, kind, unit, english, japanese, price_yen, pence, more = item
    price = price_yen if currency == "JPY" else pence
    per = random.choice([None, None, None, "10", "100"]) if price < 100 else None
    wanted = Fraction(value_yen) if currency == "JPY" else Fraction(value_yen * 100, RATE)
    quantity = max(1, rounded(wanted / price * (int(per) if per else 1)))
    if unit in ("HUR", "LTR", "TKM") and quantity > 3 and random.random() < 0.2:
        quantity -= Fraction(random.choice([1, 2, 5]), random.choice([2, 4, 8]))
    line = {"line": number, "category": category, "kind": kind, "description_en": english, "quantity": decimal_text(quantity),
            "unit": unit, "unit_price_minor": price, "price_basis": random.choice(["own_forces", "contract", "list"]),
            "currency": currency, "settlement": method}
    if per:
        line["per"] = per
    if random.random() < 0.5:
        line["description_ja"] = japanese
    line.update(more)
    return line
