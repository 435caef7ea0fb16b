"""Days and times by arithmetic: days since 1970-01-01, times in milliseconds; no zone table, no clock."""
import datetime

DAY = 86400000
HOUR = 3600000
MINUTE = 60000
EPOCH = datetime.date(1970, 1, 1).toordinal()


def day_of(text):
    """2017-04-01 as a number."""
    return datetime.date.fromisoformat(text).toordinal() - EPOCH


def day_text(day):
    return datetime.date.fromordinal(day + EPOCH).isoformat()


def civil(day):
    date = datetime.date.fromordinal(day + EPOCH)
    return date.year, date.month, date.day


def ms_of(text):
    """The beginning of a day in UTC."""
    return day_of(text) * DAY


def time_text(ms):
    seconds, rest = divmod(ms, 1000)
    day, seconds = divmod(seconds, 86400)
    text = "%sT%02d:%02d:%02d" % (day_text(day), seconds // 3600, seconds // 60 % 60, seconds % 60)
    return text + (".%03dZ" % rest if rest else "Z")


def local_day(ms, offset_minutes):
    """The day that a time falls on, so far from UTC."""
    return (ms + offset_minutes * MINUTE) // DAY


def day_begins(day, offset_minutes):
    """00:00 of a day, so far from UTC."""
    return day * DAY - offset_minutes * MINUTE


def add_months(day, months):
    """The same day-number so many months on, or that month's last day."""
    year, month, number = civil(day)
    year, month = divmod(year * 12 + month - 1 + months, 12)
    after = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1).toordinal() - EPOCH
    return min(datetime.date(year, month + 1, 1).toordinal() - EPOCH + number - 1, after - 1)


def is_weekend(day):
    return datetime.date.fromordinal(day + EPOCH).weekday() >= 5


def add_working_days(day, count, holidays):
    """The count-th working day after a day; holidays: a year to a set of month-day. None when a year is not listed."""
    while count > 0:
        day += 1
        text = day_text(day)
        if text[:4] not in holidays:
            return None
        if not is_weekend(day) and text[5:] not in holidays[text[:4]]:
            count -= 1
    return day


def fiscal_year(day):
    """Japan's: 2017 is April 2017 to March 2018."""
    year, month, _ = civil(day)
    return year if month >= 4 else year - 1
