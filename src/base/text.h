/* UTF-8: checked strictly, measured for terminals, read from Japanese files. Text is stored as typed, never normalised. */
#ifndef WARIFU_BASE_TEXT_H
#define WARIFU_BASE_TEXT_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Valid UTF-8 (no surrogates, no overlong), no U+0000, no control (C0, DEL, C1) but newline. NULL when good, else a
 * static reason. */
const char *text_check(struct bytes text);
/* Takes one character off the front. False when the front is not valid UTF-8: then one byte is taken and *code is it. Also
 * false, and nothing taken, when `in` is empty. */
bool text_take(struct bytes *in, uint32_t *code);
/* Appends one character; a code that is no character (surrogate, above U+10FFFF) becomes U+FFFD. */
void text_put(struct buf *out, uint32_t code);
/* A stranger's text for use inside a message: at most 48 bytes of it, cut at a character with an ellipsis; what could
 * disturb a terminal becomes '?'. Allocates nothing. */
#define TEXT_QUOTE 56
void text_quote(struct bytes text, char out[TEXT_QUOTE]);
/* As much of it as fits in `room` bytes with the zero behind it, whole characters only. */
void text_keep(char *out, size_t room, struct bytes text);
unsigned text_width(struct bytes text); /* columns; East Asian wide = 2 (libunistring) */
/* Appends text, padded with blanks or cut with an ellipsis to exactly `columns`. Made for cells of a table: a newline
 * becomes a blank, anything else that text_print_safe would escape becomes U+FFFD. */
void text_pad(struct buf *out, struct bytes text, unsigned columns, bool right);
struct bytes text_trim(struct bytes text); /* ASCII blanks and U+3000 */
/* For printing what a stranger wrote on a terminal: controls, bidirectional overrides and characters that cannot be seen
 * are shown escaped: "\n", "\t", "\u{202E}", and "\x9F" for a byte that is not UTF-8. */
void text_print_safe(struct buf *out, struct bytes text);
/* Decodes a file to UTF-8: UTF-8 with or without BOM, else CP932 when `allow_cp932`; *encoding names what was found
 * ("UTF-8", "UTF-8 with BOM", "CP932"). BAD_INPUT with the byte offset when neither. */
enum status text_decode(
    struct arena *arena, struct bytes in, bool allow_cp932, struct bytes *out, const char **encoding, struct err *err);

/* CSV, RFC 4180: CRLF or LF, quotes, empty fields. Lines with nothing at all on them are skipped (spreadsheets leave them
 * at the end). CRLF inside quotes is read as a newline: line ends belong to the file, not to the text. A lone CR
 * is refused everywhere. */
struct csv {
	struct bytes in;
	unsigned line;
};
struct csv_row {
	struct bytes *fields;
	unsigned count;
	unsigned line; /* 1-based line where the row begins */
};
void csv_init(struct csv *csv, struct bytes in);
/* OK with row, NOT_FOUND at the end, BAD_INPUT with line and reason. Fields are taken from the arena. */
enum status csv_next(struct csv *csv, struct arena *arena, struct csv_row *row, struct err *err);
/* Writes one field; quotes when needed; a field that a spreadsheet would run (= + - @, also full-width, tab CR LF first)
 * gets a leading '. A plain negative number ("-12.50") does not: it runs nothing, and must stay a number. */
void csv_put(struct buf *out, struct bytes field, bool first);
void csv_end(struct buf *out); /* ends a row: CRLF */
#endif
