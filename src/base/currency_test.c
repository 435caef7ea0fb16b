#include "base/currency.h"
#include "base/tap.h"
#include "base/text.h"

static const struct currency *c(const char *code)
{
	const struct currency *currency = currency_find(bytes_text(code));

	ASSERT(currency != NULL);
	return currency;
}

static int64_t reads(const char *code, const char *text)
{
	struct err err = { 0 };
	int64_t minor = -77;

	if (currency_parse(c(code), bytes_text(text), &minor, &err) != OK) {
		printf("# %s\n", err.text);
	}
	return minor;
}

static const char *refuses(const char *code, const char *text)
{
	static struct err err;
	int64_t minor = -77;

	err_clear(&err);
	enum status status = currency_parse(c(code), bytes_text(text), &minor, &err);
	return status == BAD_INPUT && minor == -77 ? err.text : "it was read";
}

static const char *printed(const char *code, int64_t minor)
{
	static char text[CURRENCY_TEXT];

	currency_print(c(code), minor, text);
	return text;
}

/* The codes with these decimals, in order. */
static const char *with_decimals(unsigned decimals)
{
	static char list[200];
	size_t used = 0;

	list[0] = '\0';
	for (size_t i = 0; i < currency_count(); i++) {
		if (currency_at(i)->decimals == decimals) {
			used += (size_t)snprintf(list + used, sizeof list - used, "%s ", currency_at(i)->code);
		}
	}
	return list;
}

static void the_list(void)
{
	bool ordered = true, found = true, named = true;
	unsigned twos = 0;

	for (size_t i = 0; i < currency_count(); i++) {
		const struct currency *currency = currency_at(i);
		ordered = ordered && strlen(currency->code) == 3 &&
		    (i == 0 || strcmp(currency_at(i - 1)->code, currency->code) < 0);
		found = found && currency_find(bytes_text(currency->code)) == currency;
		named = named && currency->name_en[0] != '\0' && currency->name_ja[0] != '\0' &&
		    text_check(bytes_text(currency->name_en)) == NULL &&
		    text_check(bytes_text(currency->name_ja)) == NULL;
		twos += currency->decimals == 2;
	}
	tap_is_int(currency_count(), 167, "the list is pinned: 167 currencies");
	tap_ok(ordered, "codes have three letters, in order, each once");
	tap_ok(found, "every code is found");
	tap_ok(named, "every currency has a name in English and in Japanese");
	tap_is_text(with_decimals(0), "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ",
	    "these have no minor unit");
	tap_is_text(with_decimals(3), "BHD IQD JOD KWD LYD OMR TND ", "these have thousandths");
	tap_is_text(with_decimals(4), "CLF UYW ", "these have ten-thousandths");
	tap_is_int(twos, 167 - 17 - 7 - 2, "all others have hundredths");
	tap_ok(currency_find(bytes_text("XAU")) == NULL && currency_find(bytes_text("HRK")) == NULL &&
		currency_find(bytes_text("jpy")) == NULL && currency_find(bytes_text("JP")) == NULL &&
		currency_find(bytes_text("JPYX")) == NULL && currency_find(bytes_text("")) == NULL &&
		currency_find(bytes_text("AAA")) == NULL && currency_find(bytes_text("ZZZ")) == NULL,
	    "gold, old currencies and other spellings are not found");
	tap_is_text(c("GBP")->name_en, "Pound Sterling", "GBP is the pound");
	tap_is_text(c("JPY")->name_ja, "円", "JPY is the yen");
}

static void reading(void)
{
	tap_is_int(reads("GBP", "18500.00"), 1850000, "18500.00 GBP are 1,850,000 pence");
	tap_is_int(reads("GBP", "18,500"), 1850000, "with a comma and without decimals too");
	tap_is_int(reads("GBP", "0.5"), 50, "half a pound is 50 pence");
	tap_is_int(reads("GBP", "-12.34"), -1234, "a credit is read");
	tap_is_int(reads("JPY", "26000000"), 26000000, "yen are counted in yen");
	tap_is_int(reads("JPY", "２６，０００，０００"), 26000000, "in full-width digits too");
	tap_is_int(reads("JPY", "2600万"), 26000000, "and with 万");
	tap_is_int(reads("JPY", "1億3507万"), 135070000, "and with 億");
	tap_is_int(reads("JPY", "1.5万"), 15000, "a decimal of 万 is a whole yen");
	tap_is_int(reads("KWD", "1.234"), 1234, "a dinar of Kuwait has 1,000 fils");
	tap_is_int(reads("KWD", "1.5"), 1500, "so 1.5 dinars are 1,500 fils");
	tap_is_int(reads("CLF", "0.0001"), 1, "a tenth of a thousandth is read where there is one");
	tap_is_int(reads("GBP", "0"), 0, "nothing is read");
	tap_is_int(reads("GBP", "9999999999999999.99"), 999999999999999999, "18 digits are read with decimals");
	tap_is_int(
	    reads("GBP", "92233720368547758"), 9223372036854775800, "the largest whole number of pounds is read");
	tap_is_int(reads("JPY", "999999999999999999"), 999999999999999999, "18 digits are read");
}

static void refusing(void)
{
	tap_is_text(refuses("JPY", "100.5"), "amount \"100.5\": JPY has no decimals; write a whole number",
	    "half a yen is refused");
	tap_is_text(refuses("JPY", "26.000"), "amount \"26.000\": JPY has no decimals; write a whole number",
	    "zeros behind the point are refused: 26.000 may mean 26 thousand");
	tap_is_text(refuses("JPY", "２６．０"), "amount \"２６．０\": JPY has no decimals; write a whole number",
	    "in full-width digits too");
	tap_is_text(
	    refuses("GBP", "18.500"), "amount \"18.500\": GBP has 2 decimals; write no more", "18.500 GBP is refused");
	tap_is_text(refuses("GBP", "0.001"), "amount \"0.001\": GBP has 2 decimals; write no more",
	    "a tenth of a penny is refused");
	tap_is_text(refuses("KWD", "1.2345"), "amount \"1.2345\": KWD has 3 decimals; write no more",
	    "a tenth of a fils is refused");
	tap_is_text(refuses("JPY", "1.00005万"), "amount \"1.00005万\": JPY has no decimals; write a whole number",
	    "half a yen is refused with 万 too");
	tap_is_text(refuses("GBP", "92233720368547759"), "amount \"92233720368547759\" GBP is too large",
	    "a pound more is refused");
	tap_is_text(refuses("GBP", "1,85"), "number \"1,85\" has a comma that is not before three digits",
	    "a decimal comma is refused");
	tap_is_text(refuses("GBP", "GBP 5"),
	    "number \"GBP 5\" has a character that is not part of a number (digits, one point, "
	    "commas, 万, 億)",
	    "the code is not part of the amount");
}

static void printing(void)
{
	char text[CURRENCY_TEXT];

	tap_is_text(printed("GBP", 1850000), "GBP 18,500.00", "pounds are printed with pence");
	tap_is_text(printed("JPY", 26000000), "JPY 26,000,000", "yen are printed without");
	tap_is_text(printed("KWD", 1234), "KWD 1.234", "dinars are printed with thousandths");
	tap_is_text(printed("GBP", 5), "GBP 0.05", "pence alone are printed with their zeros");
	tap_is_text(printed("GBP", 0), "GBP 0.00", "nothing is printed in full");
	tap_is_text(printed("JPY", 0), "JPY 0", "no yen is a zero");
	tap_is_text(printed("GBP", 99999), "GBP 999.99", "three digits need no comma");
	tap_is_text(printed("JPY", 999), "JPY 999", "nor without decimals");
	tap_is_text(printed("JPY", 1000), "JPY 1,000", "four do");
	tap_is_text(printed("GBP", -123456), "GBP -1,234.56", "a credit is printed with its sign");
	tap_is_text(printed("JPY", INT64_MIN), "JPY -9,223,372,036,854,775,808", "the smallest number is printed");
	tap_is_text(printed("CLF", INT64_MAX), "CLF 922,337,203,685,477.5807", "and the largest");
	currency_print_amount(c("GBP"), 1850000, text);
	tap_is_text(text, "18,500.00", "an amount is printed without its code where the code stands elsewhere");
	currency_print_plain(c("GBP"), -1850000, text);
	tap_is_text(text, "-18500.00", "and without commas where a program reads it");
}

int main(void)
{
	the_list();
	reading();
	refusing();
	printing();
	return tap_done();
}
