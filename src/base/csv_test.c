#include "base/alloc.h"
#include "base/tap.h"
#include "base/text.h"

/* All rows as one text: "[a|b][c|d]", with the line of each row in front; or the reason of the refusal. */
static const char *rows_of(const char *in)
{
	static char out[600];
	struct arena arena;
	struct csv csv;
	struct csv_row row;
	struct err err = { 0 };
	enum status status;
	struct buf buf;

	arena_init(&arena, 1 << 16);
	buf_init(&buf, sizeof out - 1);
	csv_init(&csv, bytes_text(in));
	while ((status = csv_next(&csv, &arena, &row, &err)) == OK) {
		buf_printf(&buf, "%u[", row.line);
		for (unsigned i = 0; i < row.count; i++) {
			buf_put_text(&buf, i > 0 ? "|" : "");
			buf_put_bytes(&buf, row.fields[i]);
		}
		buf_put_text(&buf, "]");
	}
	snprintf(out, sizeof out, "%s", status == NOT_FOUND ? buf_text(&buf) : err.text);
	buf_clear(&buf);
	arena_clear(&arena);
	return out;
}

static void reading(void)
{
	tap_is_text(rows_of("a,b\nc,d\n"), "1[a|b]2[c|d]", "rows and fields are read");
	tap_is_text(rows_of("a,b\r\nc,d\r\n"), "1[a|b]2[c|d]", "lines may end with CRLF");
	tap_is_text(rows_of("a,b\nc,d"), "1[a|b]2[c|d]", "the last line needs no end");
	tap_is_text(rows_of(""), "", "an empty file has no rows");
	tap_is_text(rows_of(",\n,,x\n"), "1[|]2[||x]", "empty fields are fields");
	tap_is_text(rows_of("a,"), "1[a|]", "a comma at the very end opens an empty field");
	tap_is_text(rows_of("\n\r\na\n\n\nb\n\n"), "3[a]6[b]", "lines with nothing on them are skipped and counted");
	tap_is_text(rows_of("\"\"\n"), "1[]", "a quoted nothing is a row with an empty field");
	tap_is_text(rows_of(" a , b \n"), "1[ a | b ]", "blanks belong to the field");
	tap_is_text(rows_of("油,艦船\n"), "1[油|艦船]", "Japanese is read");
}

static void quotes(void)
{
	tap_is_text(rows_of("\"F-76 naval distillate, at sea\",325000\n"), "1[F-76 naval distillate, at sea|325000]",
	    "a comma inside quotes belongs to the field");
	tap_is_text(rows_of("\"the \"\"Osumi\"\"\",\"\"\"\"\n"), "1[the \"Osumi\"|\"]", "a doubled quote is one quote");
	tap_is_text(
	    rows_of("\"one\ntwo\",x\nnext\n"), "1[one\ntwo|x]3[next]", "a line end inside quotes belongs to the field");
	tap_is_text(rows_of("\"one\r\n\r\ntwo\"\r\nx"), "1[one\n\ntwo]4[x]", "CRLF inside quotes becomes a newline");
	tap_is_text(rows_of("\"a\"\"\nb\",\"\n\n\"\nc"), "1[a\"\nb|\n\n]5[c]", "lines inside quotes are counted");
	tap_is_text(rows_of("\"\",\"\"\"\",\"a\""), "1[|\"|a]", "quotes at the end of the file are closed there");
}

static void refusals(void)
{
	tap_is_text(rows_of("a\n\"b,c\nd\n"), "line 2: a quote is opened and never closed",
	    "an open quote is refused where it opens");
	tap_is_text(rows_of("\"a\"\""), "line 1: a quote is opened and never closed", "a doubled quote does not close");
	tap_is_text(rows_of("a\n\"x\ny\"z,1\n"),
	    "line 3: text after a closing quote; write a quote inside quotes twice",
	    "text behind a quoted field is refused with its line");
	tap_is_text(rows_of("a,5\" pipe\n"), "line 1: a quote inside an unquoted field; put the field in quotes",
	    "a quote inside an unquoted field is refused");
	tap_is_text(rows_of("a\rb\n"), "line 1: a carriage return without a newline; end lines with CRLF or LF",
	    "a lone carriage return is refused");
	tap_is_text(rows_of("a\n\"b\"\r"), "line 2: a carriage return without a newline; end lines with CRLF or LF",
	    "and so is one at the very end");
	tap_is_text(rows_of("a,\"b\nc\rd\"\n"),
	    "line 2: a carriage return without a newline; end lines with CRLF or LF",
	    "and one inside quotes, with its line");
	tap_is_text(rows_of("a\n\n\"b\n\",\"c\nd"), "line 4: a quote is opened and never closed",
	    "the line is right behind fields of several lines");
}

static const char *written(const char *field)
{
	static char out[200];
	struct buf buf;

	buf_init(&buf, sizeof out - 1);
	csv_put(&buf, bytes_text(field), true);
	snprintf(out, sizeof out, "%s", buf_text(&buf));
	buf_clear(&buf);
	return out;
}

static void writing(void)
{
	struct buf buf;

	buf_init(&buf, 100);
	csv_put(&buf, bytes_text("a"), true);
	csv_put(&buf, bytes_text(""), false);
	csv_put(&buf, bytes_text("c,d"), false);
	csv_end(&buf);
	tap_is_text(buf_text(&buf), "a,,\"c,d\"\r\n", "a row is written with commas between and CRLF behind");
	buf_clear(&buf);
	tap_is_text(written("the \"Osumi\""), "\"the \"\"Osumi\"\"\"", "quotes are doubled");
	tap_is_text(written("one\ntwo"), "\"one\ntwo\"", "lines are put in quotes");
	tap_is_text(written("a\rb"), "\"a\rb\"", "and so are carriage returns");
	tap_is_text(written("plain text"), "plain text", "plain text needs none");
}

static void formulas(void)
{
	tap_is_text(written("=1+1"), "'=1+1", "a formula is defused");
	tap_is_text(written("=HYPERLINK(\"http://x\",\"y\")"), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"",
	    "inside quotes too");
	tap_is_text(written("+44 20 7946 0000"), "'+44 20 7946 0000", "a plus sign is defused");
	tap_is_text(written("@SUM(A1)"), "'@SUM(A1)", "an at sign is defused");
	tap_is_text(written("-cmd"), "'-cmd", "a minus sign before text is defused");
	tap_is_text(written("-"), "'-", "a minus sign alone is defused");
	tap_is_text(written("-1+2"), "'-1+2", "a minus sign before a sum is defused");
	tap_is_text(written("-12.50"), "-12.50", "a negative amount stays a number");
	tap_is_text(written("-1,250"), "\"-1,250\"", "with commas too");
	tap_is_text(written("-.,"), "\"'-.,\"", "a minus sign before no digit is no number");
	tap_is_text(written("\t=1"), "'\t=1", "a tab is defused");
	tap_is_text(written("\r=1"), "\"'\r=1\"", "a carriage return is defused");
	tap_is_text(written("\n=1"), "\"'\n=1\"", "a newline is defused");
	tap_is_text(written("＝1＋1"), "'＝1＋1", "a full-width formula is defused: Excel in Japanese runs it");
	tap_is_text(written("＋1"), "'＋1", "a full-width plus is defused");
	tap_is_text(written("－1"), "'－1", "a full-width minus is defused");
	tap_is_text(written("＠x"), "'＠x", "a full-width at sign is defused");
	tap_is_text(written("a=1"), "a=1", "signs further on are harmless");
	tap_is_text(written("\xFF=1"), "\xFF=1", "bytes that are no text are passed on");
}

/* What is written is read back, with awkward fields of all kinds. */
static void there_and_back(void)
{
	static const char *const fields[] = { "", "\"", "\"\"", ",", "\n", "a\"b", "x,\"y\"\nz", "油", "it's", " " };
	struct arena arena;
	struct csv csv;
	struct csv_row row;
	struct err err = { 0 };
	struct buf buf;
	bool same = true;

	buf_init(&buf, 1000);
	arena_init(&arena, 10000);
	for (unsigned i = 0; i < 10; i++) {
		/* a newline in front would be defused, so each field gets a letter */
		char field[20];
		snprintf(field, sizeof field, "f%s", fields[i]);
		csv_put(&buf, bytes_text(field), i == 0);
	}
	csv_end(&buf);
	csv_init(&csv, buf_bytes(&buf));
	same = csv_next(&csv, &arena, &row, &err) == OK && row.count == 10;
	for (unsigned i = 0; same && i < 10; i++) {
		same = row.fields[i].data[0] == 'f' &&
		    bytes_is(bytes_of(row.fields[i].data + 1, row.fields[i].len - 1), fields[i]);
	}
	tap_ok(same, "what is written is read back");
	tap_is_int(csv_next(&csv, &arena, &row, &err), NOT_FOUND, "and then there is no more");
	tap_is_int(csv_next(&csv, &arena, &row, &err), NOT_FOUND, "however often one asks");
	buf_clear(&buf);
	arena_clear(&arena);
}

static void no_memory(void)
{
	struct arena arena;
	struct csv csv;
	struct csv_row row;
	bool told = true;

	for (size_t ceiling = 0; ceiling <= 80; ceiling += 16) {
		struct err err = { 0 };
		arena_init(&arena, ceiling);
		csv_init(&csv, bytes_text("\na,b,c\n"));
		enum status status = csv_next(&csv, &arena, &row, &err);
		told = told && status == ENVIRONMENT && strcmp(err.text, "line 2: no memory for the row") == 0;
		arena_clear(&arena);
	}
	tap_ok(told, "a row above the ceiling is trouble here, with its line");
	struct err err = { 0 };
	arena_init(&arena, 96);
	csv_init(&csv, bytes_text("\na,b,c\n"));
	tap_is_int(csv_next(&csv, &arena, &row, &err), OK, "a row that just fits is read");
	arena_clear(&arena);
	arena_init(&arena, 1000);
	csv_init(&csv, bytes_text("a,b\n\"c"));
	base_alloc_fail_at(1);
	tap_is_int(csv_next(&csv, &arena, &row, &err), ENVIRONMENT, "no memory is trouble here");
	base_alloc_fail_at(0);
	arena_clear(&arena);
}

int main(void)
{
	reading();
	quotes();
	refusals();
	writing();
	formulas();
	there_and_back();
	no_memory();
	return tap_done();
}
