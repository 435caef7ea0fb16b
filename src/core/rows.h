/* Rows that a fold writes for queries: disposable, rebuilt from entries at any time. Column 0 of every table is `thread`
 * (integer, the store's number of the thread), supplied by the kernel. */
#ifndef WARIFU_CORE_ROWS_H
#define WARIFU_CORE_ROWS_H
#include "base/bytes.h"

enum column_type { COLUMN_INT, COLUMN_TEXT, COLUMN_BLOB };
struct column {
	const char *name;
	enum column_type type;
};
struct table {
	const char *name;
	const struct column *columns; /* after `thread`; ends with name NULL */
};

struct row_value {
	enum { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BLOB } type;
	int64_t integer;
	struct bytes bytes;
};
static inline struct row_value row_int(int64_t v)
{
	return (struct row_value){ VALUE_INT, v, { 0, 0 } };
}
static inline struct row_value row_text(struct bytes t)
{
	return (struct row_value){ t.data ? VALUE_TEXT : VALUE_NULL, 0, t };
}
static inline struct row_value row_blob(struct bytes b)
{
	return (struct row_value){ b.data ? VALUE_BLOB : VALUE_NULL, 0, b };
}
static inline struct row_value row_null(void)
{
	return (struct row_value){ VALUE_NULL, 0, { 0, 0 } };
}

struct rows; /* the store's or a test's sink */
/* values: as many as the table has columns, without `thread`. */
void rows_put(struct rows *rows, const struct table *table, const struct row_value *values);

/* Texts that are looked into: each once, whichever threads have it. What no thread has any more stays until the tables are made anew. The
 * table has columns id and text, the second unique; the full-text table, by the same id, has its pairs of signs (bigrams(), store/grams.h). */
struct texts {
	const char *put, *put_pairs;
};
#define TEXTS_OF(table, pairs) \
	{ \
		"insert into " table " (text) values (?) on conflict (text) do nothing", \
		    "insert into " pairs " (rowid, grams) values (?, bigrams(?))" \
	}
void rows_put_text(struct rows *rows, const struct texts *texts, struct bytes text); /* empty: nothing is put */
#endif
