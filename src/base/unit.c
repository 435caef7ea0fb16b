/* Factors are exact by definition: inch 25.4 mm and pound 0.45359237 kg (agreement of 1959), gallon (US) 231 cubic inches,
 * gallon (UK) 4.54609 l (Weights and Measures Act 1985), nautical mile 1852 m. Where the Recommendation prints a rounded
 * factor, the definition stands here. Month and year have none: hire by the month is not hire by 30 days. */
#include "base/unit.h"
#include <string.h>

static const struct unit units[] = {
	{ "LTR", DIMENSION_VOLUME, "litre", "リットル", 1, 1 },
	{ "DLT", DIMENSION_VOLUME, "decilitre", "デシリットル", 1, 10 },
	{ "CLT", DIMENSION_VOLUME, "centilitre", "センチリットル", 1, 100 },
	{ "MLT", DIMENSION_VOLUME, "millilitre", "ミリリットル", 1, 1000 },
	{ "HLT", DIMENSION_VOLUME, "hectolitre", "ヘクトリットル", 100, 1 },
	{ "K6", DIMENSION_VOLUME, "kilolitre", "キロリットル", 1000, 1 },
	{ "MTQ", DIMENSION_VOLUME, "cubic metre", "立方メートル", 1000, 1 },
	{ "DMQ", DIMENSION_VOLUME, "cubic decimetre", "立方デシメートル", 1, 1 },
	{ "CMQ", DIMENSION_VOLUME, "cubic centimetre", "立方センチメートル", 1, 1000 },
	{ "GLL", DIMENSION_VOLUME, "gallon (US)", "米ガロン", 473176473, 125000000 },
	{ "GLI", DIMENSION_VOLUME, "gallon (UK)", "英ガロン", 454609, 100000 },
	{ "BLL", DIMENSION_VOLUME, "barrel (US)", "バレル(米)", 9936705933, 62500000 },
	{ "QTL", DIMENSION_VOLUME, "liquid quart (US)", "米液量クォート", 473176473, 500000000 },
	{ "PTL", DIMENSION_VOLUME, "liquid pint (US)", "米液量パイント", 473176473, 1000000000 },
	{ "OZA", DIMENSION_VOLUME, "fluid ounce (US)", "米液量オンス", 473176473, 16000000000 },
	{ "QTI", DIMENSION_VOLUME, "quart (UK)", "英クォート", 454609, 400000 },
	{ "PTI", DIMENSION_VOLUME, "pint (UK)", "英パイント", 454609, 800000 },
	{ "OZI", DIMENSION_VOLUME, "fluid ounce (UK)", "英液量オンス", 454609, 16000000 },
	{ "FTQ", DIMENSION_VOLUME, "cubic foot", "立方フィート", 55306341, 1953125 },
	{ "INQ", DIMENSION_VOLUME, "cubic inch", "立方インチ", 2048383, 125000000 },
	{ "YDQ", DIMENSION_VOLUME, "cubic yard", "立方ヤード", 1493271207, 1953125 },
	{ "KGM", DIMENSION_MASS, "kilogram", "キログラム", 1, 1 },
	{ "GRM", DIMENSION_MASS, "gram", "グラム", 1, 1000 },
	{ "MGM", DIMENSION_MASS, "milligram", "ミリグラム", 1, 1000000 },
	{ "DTN", DIMENSION_MASS, "decitonne", "100キログラム", 100, 1 },
	{ "TNE", DIMENSION_MASS, "tonne (metric ton)", "トン(メートルトン)", 1000, 1 },
	{ "KTN", DIMENSION_MASS, "kilotonne", "キロトン", 1000000, 1 },
	{ "LBR", DIMENSION_MASS, "pound", "ポンド(質量)", 45359237, 100000000 },
	{ "ONZ", DIMENSION_MASS, "ounce (avoirdupois)", "オンス(常用)", 45359237, 1600000000 },
	{ "STI", DIMENSION_MASS, "stone (UK)", "ストーン", 317514659, 50000000 },
	{ "CWA", DIMENSION_MASS, "hundred pound (cwt) / hundred weight (US)", "ハンドレッドウェイト(米)", 45359237,
	    1000000 },
	{ "CWI", DIMENSION_MASS, "hundred weight (UK)", "ハンドレッドウェイト(英)", 317514659, 6250000 },
	{ "STN", DIMENSION_MASS, "ton (US) or short ton (UK/US)", "米トン(ショートトン)", 45359237, 50000 },
	{ "LTN", DIMENSION_MASS, "ton (UK) or long ton (US)", "英トン(ロングトン)", 317514659, 312500 },
	{ "SEC", DIMENSION_TIME, "second [unit of time]", "秒", 1, 1 },
	{ "MIN", DIMENSION_TIME, "minute [unit of time]", "分", 60, 1 },
	{ "HUR", DIMENSION_TIME, "hour", "時間", 3600, 1 },
	{ "DAY", DIMENSION_TIME, "day", "日", 86400, 1 },
	{ "WEE", DIMENSION_TIME, "week", "週", 604800, 1 },
	{ "MON", DIMENSION_TIME, "month", "月", 0, 0 },
	{ "ANN", DIMENSION_TIME, "year", "年", 0, 0 },
	{ "MTR", DIMENSION_LENGTH, "metre", "メートル", 1, 1 },
	{ "MMT", DIMENSION_LENGTH, "millimetre", "ミリメートル", 1, 1000 },
	{ "CMT", DIMENSION_LENGTH, "centimetre", "センチメートル", 1, 100 },
	{ "KMT", DIMENSION_LENGTH, "kilometre", "キロメートル", 1000, 1 },
	{ "NMI", DIMENSION_LENGTH, "nautical mile", "海里", 1852, 1 },
	{ "SMI", DIMENSION_LENGTH, "mile (statute mile)", "マイル", 201168, 125 },
	{ "INH", DIMENSION_LENGTH, "inch", "インチ", 127, 5000 },
	{ "FOT", DIMENSION_LENGTH, "foot", "フィート", 381, 1250 },
	{ "YRD", DIMENSION_LENGTH, "yard", "ヤード", 1143, 1250 },
	{ "MTK", DIMENSION_AREA, "square metre", "平方メートル", 1, 1 },
	{ "CMK", DIMENSION_AREA, "square centimetre", "平方センチメートル", 1, 10000 },
	{ "H18", DIMENSION_AREA, "square hectometre", "ヘクタール", 10000, 1 },
	{ "KMK", DIMENSION_AREA, "square kilometre", "平方キロメートル", 1000000, 1 },
	{ "FTK", DIMENSION_AREA, "square foot", "平方フィート", 145161, 1562500 },
	{ "YDK", DIMENSION_AREA, "square yard", "平方ヤード", 1306449, 1562500 },
	{ "MIK", DIMENSION_AREA, "square mile (statute mile)", "平方マイル", 40468564224, 15625 },
	{ "JOU", DIMENSION_ENERGY, "joule", "ジュール", 1, 1 },
	{ "KJO", DIMENSION_ENERGY, "kilojoule", "キロジュール", 1000, 1 },
	{ "3B", DIMENSION_ENERGY, "megajoule", "メガジュール", 1000000, 1 },
	{ "WHR", DIMENSION_ENERGY, "watt hour", "ワット時", 3600, 1 },
	{ "KWH", DIMENSION_ENERGY, "kilowatt hour", "キロワット時", 3600000, 1 },
	{ "MWH", DIMENSION_ENERGY, "megawatt hour (1000 kW.h)", "メガワット時", 3600000000, 1 },
	{ "C62", DIMENSION_COUNT, "one", "1(個数)", 1, 1 },
	{ "EA", DIMENSION_COUNT, "each", "個(イーチ)", 1, 1 },
	{ "H87", DIMENSION_COUNT, "piece", "個", 1, 1 },
	{ "DZN", DIMENSION_COUNT, "dozen", "ダース", 12, 1 },
	{ "CEN", DIMENSION_COUNT, "hundred", "百", 100, 1 },
	{ "GRO", DIMENSION_COUNT, "gross", "グロス", 144, 1 },
	{ "MIL", DIMENSION_COUNT, "thousand", "千", 1000, 1 },
	{ "IE", DIMENSION_COUNT, "person", "人", 0, 0 },
	{ "TKM", DIMENSION_TRANSPORT, "tonne kilometre", "トンキロ", 1, 1 },
	{ "13", DIMENSION_FOOD, "ration", "食分(レーション)", 0, 0 },
	{ "Q3", DIMENSION_FOOD, "meal", "食", 0, 0 },
	{ "PR", DIMENSION_PACK, "pair", "組(対)", 0, 0 },
	{ "SET", DIMENSION_PACK, "set", "セット", 0, 0 },
	{ "KT", DIMENSION_PACK, "kit", "キット", 0, 0 },
	{ "10", DIMENSION_PACK, "group", "群", 0, 0 },
	{ "11", DIMENSION_PACK, "outfit", "装備一式", 0, 0 },
	{ "AY", DIMENSION_PACK, "assembly", "組立品", 0, 0 },
	{ "NMP", DIMENSION_PACK, "number of packs", "包数", 0, 0 },
	{ "20", DIMENSION_PACK, "twenty foot container", "20フィートコンテナ", 0, 0 },
	{ "21", DIMENSION_PACK, "forty foot container", "40フィートコンテナ", 0, 0 },
	{ "LH", DIMENSION_WORK, "labour hour", "人時", 0, 0 },
	{ "E49", DIMENSION_WORK, "working day", "作業日", 0, 0 },
	{ "3C", DIMENSION_WORK, "manmonth", "人月", 0, 0 },
	{ "E48", DIMENSION_SERVICE, "service unit", "役務単位", 0, 0 },
	{ "E51", DIMENSION_SERVICE, "job", "件", 0, 0 },
	{ "E54", DIMENSION_SERVICE, "trip", "回(運行)", 0, 0 },
	{ "E55", DIMENSION_SERVICE, "use", "回(使用)", 0, 0 },
	{ "ACT", DIMENSION_SERVICE, "activity", "活動", 0, 0 },
	{ "ROM", DIMENSION_SERVICE, "room", "室", 0, 0 },
	{ "SX", DIMENSION_SERVICE, "shipment", "船積単位", 0, 0 },
	{ "E27", DIMENSION_SERVICE, "dose", "回分(投与)", 0, 0 },
	{ "D65", DIMENSION_SERVICE, "round", "発", 0, 0 },
	{ "A75", DIMENSION_SERVICE, "freight ton", "運賃トン", 0, 0 },
	{ "LS", DIMENSION_SERVICE, "lump sum", "一式", 0, 0 },
};
#define UNITS (sizeof units / sizeof units[0])

size_t unit_count(void)
{
	return UNITS;
}

const struct unit *unit_at(size_t index)
{
	ASSERT(index < UNITS);
	return &units[index];
}

const struct unit *unit_find(struct bytes code)
{
	for (size_t i = 0; i < UNITS; i++) {
		if (bytes_is(code, units[i].code)) {
			return &units[i];
		}
	}
	return NULL;
}

/* What is said otherwise than the Recommendation's name, or the same with an s: symbols, which do not change, then words. */
static const struct said {
	char code[4];
	const char *one, *many, *ja; /* one NULL: the name; many NULL: as one; ja NULL: as one, a symbol */
} said[] = {
	{ "LTR", "L", NULL, NULL },
	{ "DLT", "dL", NULL, NULL },
	{ "CLT", "cL", NULL, NULL },
	{ "MLT", "mL", NULL, NULL },
	{ "HLT", "hL", NULL, NULL },
	{ "K6", "kL", NULL, NULL },
	{ "MTQ", "m³", NULL, NULL },
	{ "DMQ", "dm³", NULL, NULL },
	{ "CMQ", "cm³", NULL, NULL },
	{ "KGM", "kg", NULL, NULL },
	{ "GRM", "g", NULL, NULL },
	{ "MGM", "mg", NULL, NULL },
	{ "TNE", "t", NULL, NULL },
	{ "KTN", "kt", NULL, NULL },
	{ "MTR", "m", NULL, NULL },
	{ "MMT", "mm", NULL, NULL },
	{ "CMT", "cm", NULL, NULL },
	{ "KMT", "km", NULL, NULL },
	{ "MTK", "m²", NULL, NULL },
	{ "CMK", "cm²", NULL, NULL },
	{ "H18", "ha", NULL, NULL },
	{ "KMK", "km²", NULL, NULL },
	{ "JOU", "J", NULL, NULL },
	{ "KJO", "kJ", NULL, NULL },
	{ "3B", "MJ", NULL, NULL },
	{ "WHR", "Wh", NULL, NULL },
	{ "KWH", "kWh", NULL, NULL },
	{ "MWH", "MWh", NULL, NULL },
	{ "GLL", "US gal", NULL, "米ガロン" },
	{ "GLI", "UK gal", NULL, "英ガロン" },
	{ "BLL", "US bbl", NULL, "米バレル" },
	{ "PTL", "US liquid pint", "US liquid pints", "米液量パイント" },
	{ "QTL", "US liquid quart", "US liquid quarts", "米液量クォート" },
	{ "OZA", "US fl oz", NULL, "米液量オンス" },
	{ "QTI", "UK quart", "UK quarts", "英クォート" },
	{ "PTI", "UK pint", "UK pints", "英パイント" },
	{ "OZI", "UK fl oz", NULL, "英液量オンス" },
	{ "FTQ", "cubic foot", "cubic feet", "立方フィート" },
	{ "INQ", "cubic inch", "cubic inches", "立方インチ" },
	{ "LBR", "lb", NULL, "ポンド" },
	{ "ONZ", "oz", NULL, "オンス" },
	{ "STI", "stone", NULL, "ストーン" },
	{ "CWA", "US cwt", NULL, "米ハンドレッドウェイト" },
	{ "CWI", "UK cwt", NULL, "英ハンドレッドウェイト" },
	{ "STN", "short ton", "short tons", "米トン" },
	{ "LTN", "long ton", "long tons", "英トン" },
	{ "SEC", "s", NULL, "秒" },
	{ "MIN", "min", NULL, "分" },
	{ "HUR", "h", NULL, "時間" },
	{ "MON", "month", "months", "か月" },
	{ "ANN", "year", "years", "年" },
	{ "WEE", "week", "weeks", "週間" },
	{ "SMI", "mile", "miles", "マイル" },
	{ "INH", "inch", "inches", "インチ" },
	{ "FOT", "foot", "feet", "フィート" },
	{ "FTK", "square foot", "square feet", "平方フィート" },
	{ "MIK", "square mile", "square miles", "平方マイル" },
	{ "C62", "unit", "units", "単位" },
	{ "EA", "each", NULL, "個" },
	{ "DZN", "dozen", NULL, "ダース" },
	{ "CEN", "hundred", NULL, "百個" },
	{ "GRO", "gross", NULL, "グロス" },
	{ "MIL", "thousand", NULL, "千個" },
	{ "IE", "person", "persons", "人" },
	{ "13", "ration", "rations", "食分" },
	{ "PR", "pair", "pairs", "組" },
	{ "AY", "assembly", "assemblies", "組立品" },
	{ "NMP", "pack", "packs", "包" },
	{ "3C", "man-month", "man-months", "人月" },
	{ "E54", "trip", "trips", "回" },
	{ "E55", "use", "uses", "回" },
	{ "ACT", "activity", "activities", "活動" },
	{ "E27", "dose", "doses", "回分" },
	{ "YDQ", NULL, "cubic yards", NULL },
	{ "DTN", NULL, "decitonnes", NULL },
	{ "DAY", NULL, "days", NULL },
	{ "NMI", NULL, "nautical miles", NULL },
	{ "YRD", NULL, "yards", NULL },
	{ "YDK", NULL, "square yards", NULL },
	{ "H87", NULL, "pieces", NULL },
	{ "TKM", NULL, "tonne kilometres", NULL },
	{ "Q3", NULL, "meals", NULL },
	{ "SET", NULL, "sets", NULL },
	{ "KT", NULL, "kits", NULL },
	{ "10", NULL, "groups", NULL },
	{ "11", NULL, "outfits", NULL },
	{ "20", NULL, "twenty foot containers", NULL },
	{ "21", NULL, "forty foot containers", NULL },
	{ "LH", NULL, "labour hours", NULL },
	{ "E49", NULL, "working days", NULL },
	{ "E48", NULL, "service units", NULL },
	{ "E51", NULL, "jobs", NULL },
	{ "ROM", NULL, "rooms", NULL },
	{ "SX", NULL, "shipments", NULL },
	{ "D65", NULL, "rounds", NULL },
	{ "A75", NULL, "freight tons", NULL },
	{ "LS", NULL, "lump sums", NULL },
};

const char *unit_said(const struct unit *unit, bool ja, bool one)
{
	const char *name = ja ? unit->name_ja : unit->name_en, *other = NULL;

	for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
		if (strcmp(said[i].code, unit->code) == 0) {
			bool symbol = said[i].one && !said[i].ja;
			other = ja && !symbol ? said[i].ja : one || !said[i].many ? said[i].one : said[i].many;
		}
	}
	return other ? other : name;
}

const char *dimension_name(enum dimension dimension)
{
	static const char *const names[] = {
		[DIMENSION_VOLUME] = "volume",
		[DIMENSION_MASS] = "mass",
		[DIMENSION_TIME] = "time",
		[DIMENSION_LENGTH] = "length",
		[DIMENSION_AREA] = "area",
		[DIMENSION_ENERGY] = "energy",
		[DIMENSION_COUNT] = "count",
		[DIMENSION_TRANSPORT] = "transport",
		[DIMENSION_FOOD] = "food",
		[DIMENSION_PACK] = "pack",
		[DIMENSION_WORK] = "work",
		[DIMENSION_SERVICE] = "service",
	};

	ASSERT((size_t)dimension < sizeof names / sizeof names[0]);
	return names[dimension];
}

/* a / b in lowest terms, 0 < a, b < 2^63. */
static void reduce(int64_t *a, int64_t *b)
{
	int64_t x = *a, y = *b;

	while (y != 0) {
		int64_t rest = x % y;
		x = y;
		y = rest;
	}
	*a /= x;
	*b /= x;
}

/* One `from` is *numerator / *denominator `to`. The factors are reduced crosswise first, so that the products stay small:
 * the test converts every pair. */
static bool ratio(const struct unit *from, const struct unit *to, int64_t *numerator, int64_t *denominator)
{
	int64_t a = from->numerator, b = from->denominator, c = to->denominator, d = to->numerator;

	reduce(&a, &d);
	reduce(&c, &b);
	return !__builtin_mul_overflow(a, c, numerator) && !__builtin_mul_overflow(b, d, denominator);
}

static enum status refuse(const struct unit *from, const struct unit *to, struct err *err)
{
	static const char source[] = "UN/ECE Recommendation 20";

	if (from->dimension != to->dimension) {
		return err_refuse(err, "unit", source,
		    "unit %s (%s) is a unit of %s; it cannot be converted to %s (%s), of %s", from->code, from->name_en,
		    dimension_name(from->dimension), to->code, to->name_en, dimension_name(to->dimension));
	}
	const struct unit *loose = from->numerator == 0 ? from : to;
	return err_refuse(err, "unit", source, "unit %s (%s) has no fixed measure; %s cannot be converted to %s",
	    loose->code, loose->name_en, from->code, to->code);
}

enum status unit_convert(struct decimal quantity, const struct unit *from, const struct unit *to, unsigned decimals,
    struct decimal *out, struct err *err)
{
	int64_t numerator = 1, denominator = 1;
	struct decimal up, down, result;

	if (strcmp(from->code, to->code) != 0) {
		if (from->dimension != to->dimension || from->numerator == 0 || to->numerator == 0) {
			return refuse(from, to, err);
		}
		bool fits = ratio(from, to, &numerator, &denominator);
		ASSERT(fits);
	}
	if (!decimal_make(numerator, 0, &up) || !decimal_make(denominator, 0, &down) ||
	    !decimal_scale(quantity, up, down, decimals, &result)) {
		char text[DECIMAL_TEXT];
		decimal_print(quantity, text);
		return err_set(
		    err, BAD_INPUT, "quantity %s %s: too large to be given in %s", text, from->code, to->code);
	}
	*out = result;
	return OK;
}
