#include "base/position.h"
#include "base/tap.h"

static const char *read(const char *text)
{
	static char printed[POSITION_PRINTED];
	struct position position;

	if (!position_parse(bytes_text(text), &position)) {
		return "none";
	}
	position_print(position, printed);
	return printed;
}

static void as_officers_write(void)
{
	static const char *const same[] = { "10.9N 125.4E", "N10.9 E125.4", "10.9 N, 125.4 E", "10°54'N 125°24'E",
		"10° 54' 00\" N 125° 24' 00\" E", "10°54’00’’N/125°24’00’’E", "10-54N 125-24E", "10-54.0N 125-24.0E",
		"1054N 12524E", "105400N1252400E", "10 54 N 125 24 E", "N10 54 E125 24", "125.4E 10.9N", "10.9, 125.4",
		"10.9° 125.4°", "+10.90 +125.40", "１０．９Ｎ　１２５．４Ｅ", "北緯10度54分 東経125度24分",
		"北緯10.9 東経125.4", "off Guiuan (10.9N 125.4E)", "洋上 10.9N 125.4E 付近", "セブ沖10.9n125.4e" };

	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		tap_is_text(read(same[i]), "10.90 N 125.40 E", same[i]);
	}
	tap_is_text(read("at sea\n10.9N 125.4E"), "10.90 N 125.40 E", "on a line of its own");
	tap_is_text(read("33-51.5S 151-12.4E"), "33.86 S 151.21 E", "minutes with decimals, south");
	tap_is_text(read("-21.24, -175.15"), "21.24 S 175.15 W", "a sign is south and west");
	tap_is_text(read("−21.24 −175.15"), "21.24 S 175.15 W", "so is the sign that a typesetter puts");
	tap_is_text(read("南緯21度14分28秒 西経175度09分"), "21.24 S 175.15 W", "seconds are read");
	tap_is_text(read("90N 180E"), "90.00 N 180.00 E", "the pole is a place");
	tap_is_text(read("0N 0E"), "0.00 N 0.00 E", "so is where the axes meet");
	tap_is_text(
	    read("10.123456789N 1.999999999E"), "10.12 N 2.00 E", "what is finer than a millionth does not count");
}

static void what_is_none(void)
{
	static const char *const none[] = { "", " ", "Cebu", "pier 12, berth 3", "12 34", "10.9", "10.9N",
		"10.9N 125.4", "10.9N 11.1S", "90.1N 0E", "10N 180.5E", "10-60N 125-24E", "10°54'60\"N 125°24'E",
		"954N 12524E", "10542N 12524E", "10540099N 1252400E", "10.5.4N 125.4E", "10.9N 125.4EX",
		"x10.9N 125.4E", "-10.9N 125.4E", "91.0, 10.0", "10.0, 181.0", "10.0, 20", "10.0,", "10.0 20.0 30.0",
		"10°10°10°N 20E", "99999999999N 1E", "N E", "NESW", "1.N 2.E", "10-54-30-20N 125E", "\x80\x81",
		"10.9N \xFF 125.4E", "北緯 東経" };
	char longest[POSITION_TEXT + 40], plain[POSITION_TEXT];

	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		tap_is_text(read(none[i]), "none", none[i][0] < 0 ? "bytes that are no text" : none[i]);
	}
	memset(longest, ' ', sizeof longest);
	memcpy(longest + sizeof longest - 13, "10.9N 125.4E", 13);
	tap_is_text(read(longest), "none", "a text longer than any place is not searched");
	tap_ok(!position_plain(bytes_text(longest), plain), "nor made plain");
	memset(longest, 'A', sizeof longest);
	longest[POSITION_TEXT - 1] = '\0';
	tap_ok(position_plain(bytes_text(longest), plain) && strlen(plain) == POSITION_TEXT - 1, "the longest one is");
	tap_ok(position_plain(bytes_text("  ＣＥＢＵ　 City\n"), plain), "a text is made plain");
	tap_is_text(plain, "cebu city", "small, narrow, with single blanks");
}

int main(void)
{
	as_officers_write();
	what_is_none();
	return tap_done();
}
