"""Units and fuel codes of the annex of docs/support-rules.md."""

# code: dimension, numerator, denominator; 0 / 0 has no fixed measure.
UNITS = {
    "LTR": ("volume", 1, 1),
    "DLT": ("volume", 1, 10),
    "CLT": ("volume", 1, 100),
    "MLT": ("volume", 1, 1000),
    "HLT": ("volume", 100, 1),
    "K6": ("volume", 1000, 1),
    "MTQ": ("volume", 1000, 1),
    "DMQ": ("volume", 1, 1),
    "CMQ": ("volume", 1, 1000),
    "GLL": ("volume", 473176473, 125000000),
    "GLI": ("volume", 454609, 100000),
    "BLL": ("volume", 9936705933, 62500000),
    "QTL": ("volume", 473176473, 500000000),
    "PTL": ("volume", 473176473, 1000000000),
    "OZA": ("volume", 473176473, 16000000000),
    "QTI": ("volume", 454609, 400000),
    "PTI": ("volume", 454609, 800000),
    "OZI": ("volume", 454609, 16000000),
    "FTQ": ("volume", 55306341, 1953125),
    "INQ": ("volume", 2048383, 125000000),
    "YDQ": ("volume", 1493271207, 1953125),
    "KGM": ("mass", 1, 1),
    "GRM": ("mass", 1, 1000),
    "MGM": ("mass", 1, 1000000),
    "DTN": ("mass", 100, 1),
    "TNE": ("mass", 1000, 1),
    "KTN": ("mass", 1000000, 1),
    "LBR": ("mass", 45359237, 100000000),
    "ONZ": ("mass", 45359237, 1600000000),
    "STI": ("mass", 317514659, 50000000),
    "CWA": ("mass", 45359237, 1000000),
    "CWI": ("mass", 317514659, 6250000),
    "STN": ("mass", 45359237, 50000),
    "LTN": ("mass", 317514659, 312500),
    "SEC": ("time", 1, 1),
    "MIN": ("time", 60, 1),
    "HUR": ("time", 3600, 1),
    "DAY": ("time", 86400, 1),
    "WEE": ("time", 604800, 1),
    "MON": ("time", 0, 0),
    "ANN": ("time", 0, 0),
    "MTR": ("length", 1, 1),
    "MMT": ("length", 1, 1000),
    "CMT": ("length", 1, 100),
    "KMT": ("length", 1000, 1),
    "NMI": ("length", 1852, 1),
    "SMI": ("length", 201168, 125),
    "INH": ("length", 127, 5000),
    "FOT": ("length", 381, 1250),
    "YRD": ("length", 1143, 1250),
    "MTK": ("area", 1, 1),
    "CMK": ("area", 1, 10000),
    "H18": ("area", 10000, 1),
    "KMK": ("area", 1000000, 1),
    "FTK": ("area", 145161, 1562500),
    "YDK": ("area", 1306449, 1562500),
    "MIK": ("area", 40468564224, 15625),
    "JOU": ("energy", 1, 1),
    "KJO": ("energy", 1000, 1),
    "3B": ("energy", 1000000, 1),
    "WHR": ("energy", 3600, 1),
    "KWH": ("energy", 3600000, 1),
    "MWH": ("energy", 3600000000, 1),
    "C62": ("count", 1, 1),
    "EA": ("count", 1, 1),
    "H87": ("count", 1, 1),
    "DZN": ("count", 12, 1),
    "CEN": ("count", 100, 1),
    "GRO": ("count", 144, 1),
    "MIL": ("count", 1000, 1),
    "IE": ("count", 0, 0),
    "TKM": ("transport", 1, 1),
    "13": ("food", 0, 0),
    "Q3": ("food", 0, 0),
    "PR": ("pack", 0, 0),
    "SET": ("pack", 0, 0),
    "KT": ("pack", 0, 0),
    "10": ("pack", 0, 0),
    "11": ("pack", 0, 0),
    "AY": ("pack", 0, 0),
    "NMP": ("pack", 0, 0),
    "20": ("pack", 0, 0),
    "21": ("pack", 0, 0),
    "LH": ("work", 0, 0),
    "E49": ("work", 0, 0),
    "3C": ("work", 0, 0),
    "E48": ("service", 0, 0),
    "E51": ("service", 0, 0),
    "E54": ("service", 0, 0),
    "E55": ("service", 0, 0),
    "ACT": ("service", 0, 0),
    "ROM": ("service", 0, 0),
    "SX": ("service", 0, 0),
    "E27": ("service", 0, 0),
    "D65": ("service", 0, 0),
    "A75": ("service", 0, 0),
    "LS": ("service", 0, 0),
}

FUELS = (
    "F-18", "F-24", "F-27", "F-34", "F-35", "F-37", "F-40", "F-44", "F-46",
    "F-54", "F-57", "F-58", "F-63", "F-65", "F-67", "F-75", "F-76", "F-77",
)

# Currencies of ISO 4217 that have minor units.
CURRENCIES = set(
    (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD "
        "BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP "
        "DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR "
        "IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD "
        "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB "
        "PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP "
        "STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED "
        "VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
    ).split()
)

# The decimals of a currency, by ISO 4217, where they are not two.
DECIMALS = {currency: places
            for places, names in ((0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
                                  (3, "BHD IQD JOD KWD LYD OMR TND"), (4, "CLF UYW"))
            for currency in names.split()}


def decimals_of(currency):
    return DECIMALS.get(currency, 2)
