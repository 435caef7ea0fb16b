#include "base/nato.h"
#include "base/text.h"
#include <string.h>

#define NSN_DIGITS 13
#define CLASS_DIGITS 4

/* A character with its full-width form and the dashes that Japanese keyboards give folded to ASCII; 0 for others. */
static char folded(uint32_t code)
{
	if (code >= 0xFF01 && code <= 0xFF5E) {
		code -= 0xFF01 - '!';
	}
	if (code == 0x2010 || code == 0x2011 || code == 0x2212) {
		code = '-';
	}
	return code < 0x7F ? (char)code : 0;
}

/* The printed form has hyphens before these digits. */
static bool hyphen_before(unsigned digit)
{
	return digit == 4 || digit == 6 || digit == 9;
}

static enum status nsn_refuse(struct bytes text, const char *reason, struct err *err)
{
	char quoted[TEXT_QUOTE];

	text_quote(text, quoted);
	return err_set(err, BAD_INPUT,
	    "stock number \"%s\" %s; must be 13 digits (9999-99-999-9999) or a supply class of 4", quoted, reason);
}

struct nsn {
	char printed[NSN_TEXT];
	unsigned used, digits, hyphens;
	bool after_hyphen;
};

/* Reason or NULL. */
static const char *nsn_put(struct nsn *nsn, char c)
{
	if (c == '-') {
		if (nsn->after_hyphen || !hyphen_before(nsn->digits)) {
			return "has a hyphen in the wrong place";
		}
		nsn->after_hyphen = true;
		nsn->hyphens++;
		return NULL;
	}
	if (c < '0' || c > '9') {
		return "has a character that is not a digit";
	}
	if (nsn->digits == NSN_DIGITS) {
		return "has too many digits";
	}
	if (hyphen_before(nsn->digits)) {
		nsn->printed[nsn->used++] = '-';
	}
	nsn->printed[nsn->used++] = c;
	nsn->digits++;
	nsn->after_hyphen = false;
	return NULL;
}

static const char *nsn_end(const struct nsn *nsn)
{
	if (nsn->after_hyphen) {
		return "has a hyphen in the wrong place";
	}
	if (nsn->digits != NSN_DIGITS && nsn->digits != CLASS_DIGITS) {
		return nsn->digits == 0 ? "is empty" : "has digits missing";
	}
	return nsn->hyphens == 0 || nsn->hyphens == 3 ? NULL : "has hyphens in some places only";
}

enum status nsn_parse(struct bytes text, char out[NSN_TEXT], struct err *err)
{
	struct bytes in = text_trim(text);
	const char *reason = NULL;
	struct nsn nsn = { 0 };
	uint32_t code;

	while (in.len > 0 && reason == NULL) {
		reason = nsn_put(&nsn, text_take(&in, &code) ? folded(code) : 0);
	}
	if (reason == NULL) {
		reason = nsn_end(&nsn);
	}
	if (reason != NULL) {
		return nsn_refuse(text, reason, err);
	}
	memcpy(out, nsn.printed, sizeof nsn.printed);
	return OK;
}

bool nsn_is_class(const char *nsn)
{
	return strlen(nsn) == CLASS_DIGITS;
}

static const struct nato_fuel fuels[] = {
	{ "F-18", "aviation gasoline, 100LL", "航空ガソリン(100LL)", "AVGAS" },
	{ "F-24", "aviation turbine fuel, kerosene, Jet A with military additives",
	    "航空タービン燃料(Jet A、軍用添加剤入り)", "Jet A" },
	{ "F-27", "aviation turbine fuel, F-24 with thermal stability additive",
	    "航空タービン燃料(F-24、熱安定性向上剤入り)", "Jet A+100" },
	{ "F-34", "aviation turbine fuel, kerosene, Jet A-1 with military additives",
	    "航空タービン燃料(Jet A-1、軍用添加剤入り)", "JP-8, AVTUR/FSII" },
	{ "F-35", "aviation turbine fuel, kerosene, Jet A-1", "航空タービン燃料(Jet A-1)", "Jet A-1, AVTUR" },
	{ "F-37", "aviation turbine fuel, F-34 with thermal stability additive",
	    "航空タービン燃料(F-34、熱安定性向上剤入り)", "JP-8+100" },
	{ "F-40", "aviation turbine fuel, wide cut, with military additives",
	    "航空タービン燃料(広範囲沸点、軍用添加剤入り)", "JP-4, AVTAG/FSII" },
	{ "F-44", "aviation turbine fuel, high flash point kerosene", "航空タービン燃料(高引火点灯油系)",
	    "JP-5, AVCAT/FSII" },
	{ "F-46", "motor gasoline, leaded, military", "自動車ガソリン(有鉛、軍用)", "MOGAS" },
	{ "F-54", "diesel fuel, ground", "軽油(車両用)", "DIESO UK, DF-2" },
	{ "F-57", "motor gasoline, low leaded", "自動車ガソリン(低鉛)", "MOGAS" },
	{ "F-58", "kerosene", "灯油", "" },
	{ "F-63", "diesel engine fuel, kerosene with lubricity additive",
	    "ディーゼル機関用灯油系燃料(潤滑性向上剤入り)", "" },
	{ "F-65", "diesel engine fuel, low temperature: F-54 and kerosene mixed",
	    "低温用ディーゼル燃料(F-54と灯油系燃料の混合)", "" },
	{ "F-67", "motor gasoline, unleaded", "自動車ガソリン(無鉛)", "ULGAS" },
	{ "F-75", "naval distillate fuel, low pour point", "艦船用軽油(低流動点)", "DIESO F-75" },
	{ "F-76", "naval distillate fuel", "艦船用軽油", "DIESO F-76" },
	{ "F-77", "naval residual fuel, light", "艦船用重油(軽質残渣)", "FFO" },
};
#define FUELS (sizeof fuels / sizeof fuels[0])

size_t nato_fuel_count(void)
{
	return FUELS;
}

const struct nato_fuel *nato_fuel_at(size_t index)
{
	ASSERT(index < FUELS);
	return &fuels[index];
}

const struct nato_fuel *nato_fuel_find(struct bytes code)
{
	if (code.len < 3 || code.len > 4 || (code.data[0] | 0x20) != 'f') {
		return NULL;
	}
	if (code.len == 4 && code.data[1] != '-' && code.data[1] != ' ') {
		return NULL;
	}
	for (size_t i = 0; i < FUELS; i++) {
		if (memcmp(code.data + code.len - 2, fuels[i].code + 2, 2) == 0) {
			return &fuels[i];
		}
	}
	return NULL;
}
