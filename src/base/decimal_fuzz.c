/* Any bytes as a number, a time, an amount, a stock number: read or refused with a reason; what is read is printed, and what
 * is printed is read as the same. */
#include "base/currency.h"
#include "base/decimal.h"
#include "base/nato.h"
#include "base/text.h"
#include "base/time.h"
#include "base/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void number(struct bytes in)
{
	struct decimal value, again;
	struct err err = { 0 };
	char text[DECIMAL_TEXT];

	if (decimal_parse(in, &value, &err) != OK) {
		ASSERT(err.text[0] != '\0' && text_check(bytes_text(err.text)) == NULL);
		return;
	}
	decimal_print(value, text);
	enum status status = decimal_parse(bytes_text(text), &again, &err);
	ASSERT(status == OK && value.mantissa == again.mantissa && value.decimals == again.decimals);
}

static void amount(struct bytes in)
{
	for (size_t i = 0; i < currency_count(); i += 7) {
		const struct currency *currency = currency_at(i);
		char text[CURRENCY_TEXT];
		int64_t minor, again;
		struct err err = { 0 };
		if (currency_parse(currency, in, &minor, &err) == OK && minor < 1000000000000000) {
			currency_print_amount(currency, minor, text);
			enum status status = currency_parse(currency, bytes_text(text), &again, &err);
			ASSERT(status == OK && minor == again);
		}
	}
}

static void moment(struct bytes in)
{
	int64_t ms, day, again;
	char text[TIME_TEXT];

	if (time_parse(in, &ms)) {
		time_print(ms, text);
		/* an offset may lead out of the years that are read */
		ASSERT(!time_parse(bytes_text(text), &again) || again == ms);
	}
	if (day_parse(in, &day)) {
		day_print(day, text);
		bool read = day_parse(bytes_text(text), &again);
		ASSERT(read && again == day && bytes_is(in, text));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	char nsn[NSN_TEXT];
	uint8_t words[FINGERPRINT_WORDS];

	number(in);
	amount(in);
	moment(in);
	(void)nsn_parse(in, nsn, NULL);
	(void)fingerprint_parse(in, words, NULL);
	(void)nato_fuel_find(in);
	return 0;
}
