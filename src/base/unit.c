/* Factors are exact by definition: inch 25.4 mm and pound 0.45359237 kg (agreement of 1959), gallon (US) 231 cubic inches,
 * gallon (UK) 4.54609 l (Weights and Measures Act 1985), nautical mile 1852 m. Where the Recommendation prints a rounded
 * factor, the definition stands here. Month and year have none: hire by the month is not hire by 30 days. */
#include "base/unit.h"
#include <string.h>

static const struct unit units[] = {
	{ "LTR", "litre", "リットル", DIMENSION_VOLUME, 1, 1 },
	{ "DLT", "decilitre", "デシリットル", DIMENSION_VOLUME, 1, 10 },
	{ "CLT", "centilitre", "センチリットル", DIMENSION_VOLUME, 1, 100 },
	{ "MLT", "millilitre", "ミリリットル", DIMENSION_VOLUME, 1, 1000 },
	{ "HLT", "hectolitre", "ヘクトリットル", DIMENSION_VOLUME, 100, 1 },
	{ "K6", "kilolitre", "キロリットル", DIMENSION_VOLUME, 1000, 1 },
	{ "MTQ", "cubic metre", "立方メートル", DIMENSION_VOLUME, 1000, 1 },
	{ "DMQ", "cubic decimetre", "立方デシメートル", DIMENSION_VOLUME, 1, 1 },
	{ "CMQ", "cubic centimetre", "立方センチメートル", DIMENSION_VOLUME, 1, 1000 },
	{ "GLL", "gallon (US)", "米ガロン", DIMENSION_VOLUME, 473176473, 125000000 },
	{ "GLI", "gallon (UK)", "英ガロン", DIMENSION_VOLUME, 454609, 100000 },
	{ "BLL", "barrel (US)", "バレル(米)", DIMENSION_VOLUME, 9936705933, 62500000 },
	{ "QTL", "liquid quart (US)", "米液量クォート", DIMENSION_VOLUME, 473176473, 500000000 },
	{ "PTL", "liquid pint (US)", "米液量パイント", DIMENSION_VOLUME, 473176473, 1000000000 },
	{ "OZA", "fluid ounce (US)", "米液量オンス", DIMENSION_VOLUME, 473176473, 16000000000 },
	{ "QTI", "quart (UK)", "英クォート", DIMENSION_VOLUME, 454609, 400000 },
	{ "PTI", "pint (UK)", "英パイント", DIMENSION_VOLUME, 454609, 800000 },
	{ "OZI", "fluid ounce (UK)", "英液量オンス", DIMENSION_VOLUME, 454609, 16000000 },
	{ "FTQ", "cubic foot", "立方フィート", DIMENSION_VOLUME, 55306341, 1953125 },
	{ "INQ", "cubic inch", "立方インチ", DIMENSION_VOLUME, 2048383, 125000000 },
	{ "YDQ", "cubic yard", "立方ヤード", DIMENSION_VOLUME, 1493271207, 1953125 },
	{ "KGM", "kilogram", "キログラム", DIMENSION_MASS, 1, 1 },
	{ "GRM", "gram", "グラム", DIMENSION_MASS, 1, 1000 },
	{ "MGM", "milligram", "ミリグラム", DIMENSION_MASS, 1, 1000000 },
	{ "DTN", "decitonne", "100キログラム", DIMENSION_MASS, 100, 1 },
	{ "TNE", "tonne (metric ton)", "トン(メートルトン)", DIMENSION_MASS, 1000, 1 },
	{ "KTN", "kilotonne", "キロトン", DIMENSION_MASS, 1000000, 1 },
	{ "LBR", "pound", "ポンド(質量)", DIMENSION_MASS, 45359237, 100000000 },
	{ "ONZ", "ounce (avoirdupois)", "オンス(常用)", DIMENSION_MASS, 45359237, 1600000000 },
	{ "STI", "stone (UK)", "ストーン", DIMENSION_MASS, 317514659, 50000000 },
	{ "CWA", "hundred pound (cwt) / hundred weight (US)", "ハンドレッドウェイト(米)", DIMENSION_MASS, 45359237,
	    1000000 },
	{ "CWI", "hundred weight (UK)", "ハンドレッドウェイト(英)", DIMENSION_MASS, 317514659, 6250000 },
	{ "STN", "ton (US) or short ton (UK/US)", "米トン(ショートトン)", DIMENSION_MASS, 45359237, 50000 },
	{ "LTN", "ton (UK) or long ton (US)", "英トン(ロングトン)", DIMENSION_MASS, 317514659, 312500 },
	{ "SEC", "second [unit of time]", "秒", DIMENSION_TIME, 1, 1 },
	{ "MIN", "minute [unit of time]", "分", DIMENSION_TIME, 60, 1 },
	{ "HUR", "hour", "時間", DIMENSION_TIME, 3600, 1 },
	{ "DAY", "day", "日", DIMENSION_TIME, 86400, 1 },
	{ "WEE", "week", "週", DIMENSION_TIME, 604800, 1 },
	{ "MON", "month", "月", DIMENSION_TIME, 0, 0 },
	{ "ANN", "year", "年", DIMENSION_TIME, 0, 0 },
	{ "MTR", "metre", "メートル", DIMENSION_LENGTH, 1, 1 },
	{ "MMT", "millimetre", "ミリメートル", DIMENSION_LENGTH, 1, 1000 },
	{ "CMT", "centimetre", "センチメートル", DIMENSION_LENGTH, 1, 100 },
	{ "KMT", "kilometre", "キロメートル", DIMENSION_LENGTH, 1000, 1 },
	{ "NMI", "nautical mile", "海里", DIMENSION_LENGTH, 1852, 1 },
	{ "SMI", "mile (statute mile)", "マイル", DIMENSION_LENGTH, 201168, 125 },
	{ "INH", "inch", "インチ", DIMENSION_LENGTH, 127, 5000 },
	{ "FOT", "foot", "フィート", DIMENSION_LENGTH, 381, 1250 },
	{ "YRD", "yard", "ヤード", DIMENSION_LENGTH, 1143, 1250 },
	{ "MTK", "square metre", "平方メートル", DIMENSION_AREA, 1, 1 },
	{ "CMK", "square centimetre", "平方センチメートル", DIMENSION_AREA, 1, 10000 },
	{ "H18", "square hectometre", "ヘクタール", DIMENSION_AREA, 10000, 1 },
	{ "KMK", "square kilometre", "平方キロメートル", DIMENSION_AREA, 1000000, 1 },
	{ "FTK", "square foot", "平方フィート", DIMENSION_AREA, 145161, 1562500 },
	{ "YDK", "square yard", "平方ヤード", DIMENSION_AREA, 1306449, 1562500 },
	{ "MIK", "square mile (statute mile)", "平方マイル", DIMENSION_AREA, 40468564224, 15625 },
	{ "JOU", "joule", "ジュール", DIMENSION_ENERGY, 1, 1 },
	{ "KJO", "kilojoule", "キロジュール", DIMENSION_ENERGY, 1000, 1 },
	{ "3B", "megajoule", "メガジュール", DIMENSION_ENERGY, 1000000, 1 },
	{ "WHR", "watt hour", "ワット時", DIMENSION_ENERGY, 3600, 1 },
	{ "KWH", "kilowatt hour", "キロワット時", DIMENSION_ENERGY, 3600000, 1 },
	{ "MWH", "megawatt hour (1000 kW.h)", "メガワット時", DIMENSION_ENERGY, 3600000000, 1 },
	{ "C62", "one", "1(個数)", DIMENSION_COUNT, 1, 1 },
	{ "EA", "each", "個(イーチ)", DIMENSION_COUNT, 1, 1 },
	{ "H87", "piece", "個", DIMENSION_COUNT, 1, 1 },
	{ "DZN", "dozen", "ダース", DIMENSION_COUNT, 12, 1 },
	{ "CEN", "hundred", "百", DIMENSION_COUNT, 100, 1 },
	{ "GRO", "gross", "グロス", DIMENSION_COUNT, 144, 1 },
	{ "MIL", "thousand", "千", DIMENSION_COUNT, 1000, 1 },
	{ "IE", "person", "人", DIMENSION_COUNT, 0, 0 },
	{ "TKM", "tonne kilometre", "トンキロ", DIMENSION_TRANSPORT, 1, 1 },
	{ "13", "ration", "食分(レーション)", DIMENSION_FOOD, 0, 0 },
	{ "Q3", "meal", "食", DIMENSION_FOOD, 0, 0 },
	{ "PR", "pair", "組(対)", DIMENSION_PACK, 0, 0 },
	{ "SET", "set", "セット", DIMENSION_PACK, 0, 0 },
	{ "KT", "kit", "キット", DIMENSION_PACK, 0, 0 },
	{ "10", "group", "群", DIMENSION_PACK, 0, 0 },
	{ "11", "outfit", "装備一式", DIMENSION_PACK, 0, 0 },
	{ "AY", "assembly", "組立品", DIMENSION_PACK, 0, 0 },
	{ "NMP", "number of packs", "包数", DIMENSION_PACK, 0, 0 },
	{ "20", "twenty foot container", "20フィートコンテナ", DIMENSION_PACK, 0, 0 },
	{ "21", "forty foot container", "40フィートコンテナ", DIMENSION_PACK, 0, 0 },
	{ "LH", "labour hour", "人時", DIMENSION_WORK, 0, 0 },
	{ "E49", "working day", "作業日", DIMENSION_WORK, 0, 0 },
	{ "3C", "manmonth", "人月", DIMENSION_WORK, 0, 0 },
	{ "E48", "service unit", "役務単位", DIMENSION_SERVICE, 0, 0 },
	{ "E51", "job", "件", DIMENSION_SERVICE, 0, 0 },
	{ "E54", "trip", "回(運行)", DIMENSION_SERVICE, 0, 0 },
	{ "E55", "use", "回(使用)", DIMENSION_SERVICE, 0, 0 },
	{ "ACT", "activity", "活動", DIMENSION_SERVICE, 0, 0 },
	{ "ROM", "room", "室", DIMENSION_SERVICE, 0, 0 },
	{ "SX", "shipment", "船積単位", DIMENSION_SERVICE, 0, 0 },
	{ "E27", "dose", "回分(投与)", DIMENSION_SERVICE, 0, 0 },
	{ "D65", "round", "発", DIMENSION_SERVICE, 0, 0 },
	{ "A75", "freight ton", "運賃トン", DIMENSION_SERVICE, 0, 0 },
	{ "LS", "lump sum", "一式", DIMENSION_SERVICE, 0, 0 },
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
