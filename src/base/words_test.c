#include "base/tap.h"
#include "base/words.h"
#include <stdlib.h>

/* How a word sounds to an ear that does not tell l from r, b from v, s from th. */
static void sound(const char *word, char out[16])
{
	size_t used = 0;

	for (; *word != '\0'; word++) {
		if (word[0] == 't' && word[1] == 'h') {
			out[used++] = 's';
			word++;
		} else {
			out[used++] = *word == 'l' ? 'r' : *word == 'v' ? 'b' : *word == 'z' ? 's' : *word;
		}
	}
	out[used] = '\0';
}

/* Are the two the same but for one letter more, less or other? */
static bool alike(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return strcmp(*a != '\0' ? a + 1 : a, *b != '\0' ? b + 1 : b) == 0 || strcmp(*a != '\0' ? a + 1 : a, b) == 0 ||
	    strcmp(a, *b != '\0' ? b + 1 : b) == 0;
}

static void the_list(void)
{
	bool sorted = true, short_ones = true, found = true, apart = true;

	for (unsigned i = 0; i < 256; i++) {
		const char *word = word_of((uint8_t)i);
		uint8_t byte = (uint8_t)~i;
		sorted = sorted && (i == 0 || strcmp(word_of((uint8_t)(i - 1)), word) < 0);
		short_ones = short_ones && strlen(word) >= 3 && strlen(word) <= 6 &&
		    strspn(word, "abcdefghijklmnopqrstuvwxyz") == strlen(word);
		found = found && word_find(bytes_text(word), &byte) && byte == i;
		for (unsigned j = 0; j < i; j++) {
			char one[16], other[16];
			sound(word, one);
			sound(word_of((uint8_t)j), other);
			if (alike(one, other)) {
				printf("# %s %s\n", word, word_of((uint8_t)j));
				apart = false;
			}
		}
	}
	tap_ok(sorted, "256 words stand in order, each once");
	tap_ok(short_ones, "every word has 3 to 6 small letters");
	tap_ok(found, "every word is found at its byte");
	tap_ok(apart, "no two words sound alike or differ by one letter");
}

static void finding(void)
{
	uint8_t byte = 7;

	tap_ok(
	    word_find(bytes_text("ALBUM"), &byte) && byte == 0 && word_find(bytes_text("Zinc"), &byte) && byte == 255,
	    "words are found in capitals, the first and the last too");
	byte = 7;
	tap_ok(!word_find(bytes_text("albums"), &byte) && !word_find(bytes_text("albu"), &byte) &&
		!word_find(bytes_text(""), &byte) && !word_find(bytes_text("aaa"), &byte) &&
		!word_find(bytes_text("zzz"), &byte) && !word_find(bytes_text("rhinoceros"), &byte) && byte == 7,
	    "other words are not found");
}

static void speaking(void)
{
	struct id id = { { 0, 1, 2, 3, 252, 253, 254, 255, 0xAB, 0xCD, 0, 0, 0, 0, 0, 0x0F, 0xEE } };
	char text[FINGERPRINT_TEXT], hex[FINGERPRINT_HEX_TEXT], expected[FINGERPRINT_TEXT];
	uint8_t bytes[FINGERPRINT_WORDS] = { 0 };
	struct err err = { 0 };

	snprintf(expected, sizeof expected, "%s %s %s %s %s %s %s %s", word_of(0), word_of(1), word_of(2), word_of(3),
	    word_of(252), word_of(253), word_of(254), word_of(255));
	tap_ok(fingerprint_words(&id, text, sizeof text), "a fingerprint is put into words");
	tap_is_text(text, expected, "a word for each of the first 8 bytes");
	fingerprint_hex(&id, hex);
	tap_is_text(hex, "0001 0203 fcfd feff abcd 0000 0000 000f", "16 bytes are shown as groups of hex digits");
	tap_ok(fingerprint_parse(bytes_text(text), bytes, &err) == OK && memcmp(bytes, id.data, 8) == 0,
	    "the words are read back");
	size_t need = strlen(text) + 1;
	tap_ok(fingerprint_words(&id, text, need), "the words may just fit their place");
	tap_ok(!fingerprint_words(&id, text, need - 1) && text[0] == '\0', "words that do not fit are not written");
	tap_ok(!fingerprint_words(&id, text, 0), "nor into nothing");
	tap_is_int(fingerprint_check(&id, bytes_text(expected), &err), OK, "the right words are right");
	id.data[4] = 9;
	tap_is_int(fingerprint_check(&id, bytes_text(expected), &err), CHECK_FAILED, "another key's words are wrong");
	snprintf(expected, sizeof expected, "word 5 is \"%s\"; this key has \"%s\"", word_of(252), word_of(9));
	tap_ok(strncmp(err.text, expected, strlen(expected)) == 0, "and the first wrong one is named");
	struct id zero = { { 0 } };
	memset(bytes, 1, sizeof bytes);
	tap_ok(fingerprint_words(&zero, text, sizeof text) && fingerprint_parse(bytes_text(text), bytes, &err) == OK &&
		bytes[7] == 0,
	    "the same word may come again and again");
}

static void misspeaking(void)
{
	uint8_t bytes[FINGERPRINT_WORDS] = { 99 };
	struct id id = { { 0 } };
	struct err err = { 0 };

	tap_ok(fingerprint_parse(
		   bytes_text("  Album-album, ALBUM\nalbum\talbum\ralbum album  -- album, "), bytes, &err) == OK,
	    "words may be parted by blanks, hyphens and commas");
	bytes[0] = 99;
	tap_is_int(fingerprint_parse(bytes_text("album album albun album album album album album"), bytes, &err),
	    BAD_INPUT, "a word that is not in the list is refused");
	tap_is_text(
	    err.text, "word 3 \"albun\" is not in the list; ask for it to be spelled", "with its place and what to do");
	err_clear(&err);
	tap_is_int(fingerprint_parse(bytes_text("album album"), bytes, &err), BAD_INPUT, "too few words are refused");
	tap_is_text(err.text, "fingerprint has 2 words; must be 8", "with their number");
	err_clear(&err);
	tap_is_int(fingerprint_parse(bytes_text("album album album album album album album album album"), bytes, &err),
	    BAD_INPUT, "too many words are refused");
	tap_ok(bytes[0] == 99, "refused words leave nothing behind");
	tap_is_int(fingerprint_check(&id, bytes_text("album"), NULL), BAD_INPUT, "half a fingerprint is no proof");
}

int main(void)
{
	the_list();
	finding();
	speaking();
	misspeaking();
	return tap_done();
}
