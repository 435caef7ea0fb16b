"""The agreement of the rehearsal: that of data/, with the holidays of the years that are replayed."""
import json
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent.parent / "data" / "agreement-gb-jp-rehearsal.json"

# Weekdays on which offices are closed: England and Wales; Japan with its year-end closing.
HOLIDAYS = {
    "GB": {
        "2016": "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
        "2017": "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
        "2018": "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
        "2019": "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
        "2020": "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
        "2021": "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
        "2022": "01-03 04-15 04-18 05-02 06-02 06-03 08-29 12-26 12-27",
    },
    "JP": {
        "2016": "01-01 01-11 02-11 03-21 04-29 05-03 05-04 05-05 07-18 08-11 09-19 09-22 10-10 11-03 11-23 12-23 12-29 12-30",
        "2017": "01-02 01-03 01-09 03-20 05-03 05-04 05-05 07-17 08-11 09-18 10-09 11-03 11-23 12-29",
        "2018": "01-01 01-02 01-03 01-08 02-12 03-21 04-30 05-03 05-04 07-16 09-17 09-24 10-08 11-23 12-24 12-31",
        "2019": "01-01 01-02 01-03 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 05-06 07-15 08-12 09-16 09-23 10-14 "
                "10-22 11-04 12-30 12-31",
        "2020": "01-01 01-02 01-03 01-13 02-11 02-24 03-20 04-29 05-04 05-05 05-06 07-23 07-24 08-10 09-21 09-22 11-03 "
                "11-23 12-29 12-30 12-31",
        "2021": "01-01 01-11 02-11 02-23 04-29 05-03 05-04 05-05 07-22 07-23 08-09 09-20 09-23 11-03 11-23 12-29 12-30 "
                "12-31",
        "2022": "01-03 01-10 02-11 02-23 03-21 04-29 05-03 05-04 05-05 07-18 08-11 09-19 09-23 10-10 11-03 11-23 12-29 "
                "12-30",
    },
}


def read():
    """The profile as an object, holidays of 2016 to 2022 beside those that it has."""
    profile = json.loads(DATA.read_text(encoding="utf-8"))
    for party, years in HOLIDAYS.items():
        for year, days in years.items():
            profile["holidays"][party][year] = days.split()
    return profile


def clock(profile, name):
    """The number of hours, days or months of a clock."""
    return profile["clocks"][name]["value"]


def holidays_of(profile, party):
    return {year: set(days) for year, days in profile["holidays"][party].items()}
