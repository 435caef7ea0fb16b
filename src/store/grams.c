#include "store/grams.h"
#include "base/buf.h"
#include <stdint.h>

#define GRAMS_BYTES (64u << 20)

/* The next sign of a text that is UTF-8 (only such is stored); 0 at its end. */
static uint32_t sign_take(const unsigned char **at)
{
	uint32_t sign = **at;
	unsigned more = sign >= 0xF0 ? 3 : sign >= 0xE0 ? 2 : sign >= 0xC0 ? 1 : 0;

	if (sign == 0) {
		return 0;
	}
	sign &= more == 3 ? 0x07 : more == 2 ? 0x0F : more == 1 ? 0x1F : 0xFF;
	for ((*at)++; more > 0 && (**at & 0xC0) == 0x80; (*at)++, more--) {
		sign = sign << 6 | (**at & 0x3F);
	}
	return sign >= 'A' && sign <= 'Z' ? sign + ('a' - 'A') : sign;
}

static void bigrams(sqlite3_context *context, int count, sqlite3_value **values)
{
	const unsigned char *at = sqlite3_value_text(values[0]);
	struct buf out;

	(void)count;
	if (at == NULL) {
		sqlite3_result_null(context);
		return;
	}
	buf_init(&out, GRAMS_BYTES);
	uint32_t one = sign_take(&at);
	for (uint32_t next; one != 0 && (next = sign_take(&at)) != 0; one = next) {
		buf_printf(&out, "%xx%x ", one, next);
	}
	if (out.failed) {
		sqlite3_result_error_nomem(context);
	} else {
		sqlite3_result_text(context, buf_text(&out), (int)out.len, SQLITE_TRANSIENT);
	}
	buf_clear(&out);
}

int grams_register(sqlite3 *sqlite)
{
	return sqlite3_create_function_v2(sqlite, "bigrams", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
	    NULL, bigrams, NULL, NULL, NULL);
}
