"""Days and months (docs/support-rules.md, 4.1): days since 1970-01-01 of the Gregorian calendar, without end."""
DAY = 86400000
MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year, month):
    return 29 if month == 2 and is_leap(year) else MONTH_LENGTHS[month - 1]


def year_start(year):
    """The day of the first of January."""
    before = year - 1
    return before * 365 + before // 4 - before // 100 + before // 400 - 719162


def to_date(day):
    """Year, month and day of the month."""
    year = 1970 + (day // 366 if day >= 0 else day // 365)
    while year_start(year + 1) <= day:
        year += 1
    left = day - year_start(year)
    month = 1
    while left >= month_length(year, month):
        left -= month_length(year, month)
        month += 1
    return year, month, left + 1


def from_date(year, month, day):
    return year_start(year) + sum(month_length(year, before) for before in range(1, month)) + day - 1


def day_start(time, offset):
    """The day of a time at an offset from UTC in minutes."""
    return (time + offset * 60000) // DAY


def add_months(day, months):
    """The day of the same number so many months later, or the last of that month."""
    year, month, number = to_date(day)
    count = year * 12 + month - 1 + months
    year, month = count // 12, count % 12 + 1
    return from_date(year, month, min(number, month_length(year, month)))
