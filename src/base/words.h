/* A fingerprint that two people can read to each other on the telephone: one short word for each byte. The list is ours
 * and frozen: 256 words of 3 to 6 letters in alphabetical order, no two of which sound alike when l and r, b and v, s
 * and th are not told apart. Compare words in one call and hex in another way (paper, mail): they show different
 * lengths of the same hash. */
#ifndef WARIFU_BASE_WORDS_H
#define WARIFU_BASE_WORDS_H
#include "base/bytes.h"
#include "base/err.h"

#define FINGERPRINT_WORDS 8 /* bytes of the hash that the words show: the first 8, 64 bits */
#define FINGERPRINT_TEXT 64 /* 8 words of at most 6 letters, 7 blanks, NUL: 56 */
#define FINGERPRINT_HEX_BYTES 16
#define FINGERPRINT_HEX_TEXT 40 /* 8 groups of 4 hex digits, 7 blanks, NUL */

/* The word of a byte. Never NULL; static. */
const char *word_of(uint8_t byte);
/* The byte of a word, in either case. False when it is no word of the list. */
bool word_find(struct bytes word, uint8_t *byte);
/* "amber tiger ...": the words of the first 8 bytes, with single blanks. False, and out is "", when size is too small:
 * FINGERPRINT_TEXT always suffices. */
bool fingerprint_words(const struct id *id, char *out, size_t size);
/* "0a1b 2c3d ...": the first 16 bytes in groups of four hex digits. */
void fingerprint_hex(const struct id *id, char out[FINGERPRINT_HEX_TEXT]);
/* Reads exactly 8 words, parted by blanks, hyphens or commas, in either case, into 8 bytes. BAD_INPUT names the place of the
 * word that is not in the list, or says how many words there are; out is then not written. */
enum status fingerprint_parse(struct bytes text, uint8_t out[FINGERPRINT_WORDS], struct err *err);
/* Are these the words of this id? As fingerprint_parse; CHECK_FAILED with the place of the first word that differs. */
enum status fingerprint_check(const struct id *id, struct bytes text, struct err *err);
#endif
