/* Any bytes as a place text: none, or a position on the globe, which is printed and read as the same to a hundredth of a degree. */
#include "base/err.h"
#include "base/position.h"
#include "base/text.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct position position, again;
	char plain[POSITION_TEXT], text[POSITION_PRINTED];

	if (position_plain(in, plain)) {
		ASSERT(text_check(in) == NULL && strlen(plain) <= size);
	}
	if (position_parse(in, &position)) {
		ASSERT(
		    abs(position.latitude) <= 90 * POSITION_DEGREE && abs(position.longitude) <= 180 * POSITION_DEGREE);
		position_print(position, text);
		bool read = position_parse(bytes_text(text), &again);
		ASSERT(read && abs(again.latitude - position.latitude) <= 5000 &&
		    abs(again.longitude - position.longitude) <= 5000);
	}
	return 0;
}
