/* What a kind of entry holds: the field tables that parsing, refusal messages, --help, forms, JSON and fuzzers all read, and
 * the zero-copy view of a body (docs/format.md 2.1). */
#ifndef WARIFU_CORE_RECORD_H
#define WARIFU_CORE_RECORD_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "base/decimal.h"
#include "base/err.h"

enum field_type {
	FIELD_TEXT,    /* text, `limit` bytes at most (0: 4096) */
	FIELD_CODE,    /* text of a-z A-Z 0-9 _ - . , 1 to 32 */
	FIELD_INT,     /* integer, 0..limit (0: any int64 >= 0) */
	FIELD_AMOUNT,  /* integer minor units; the currency stands beside it, else around */
	FIELD_DECIMAL, /* exact decimal, signed unless a guard says otherwise */
	FIELD_TIME,    /* ms since 1970 */
	FIELD_DAY,     /* days since 1970 */
	FIELD_BOOL,
	FIELD_ID,        /* 32 bytes */
	FIELD_BYTES,     /* byte string, `limit` bytes at most */
	FIELD_CURRENCY,  /* ISO 4217 code */
	FIELD_UNIT,      /* code of the pinned unit list */
	FIELD_PARTY,     /* party code of the tally */
	FIELD_LANG_TEXT, /* array [language "en" or "ja", text]: free text as typed, never translated */
	FIELD_CODES,     /* array of codes, ascending, none twice, not empty */
	FIELD_IDS,       /* array of ids, ascending, none twice, not empty */
	FIELD_AMOUNTS,   /* map of currency to amount, not empty */
	FIELD_RANGE,     /* array [first, last] */
	FIELD_LIST,      /* array of maps by `fields`; 1..limit items (0: LIMIT_LINES) */
	FIELD_ANY,       /* any value; the domain's guard looks (a profile) */
};

struct field {
	uint8_t key; /* 8..255 in a body, 0..255 in a list item; ascending in the table */
	enum field_type type;
	const char *name; /* JSON and option name: "unit_price_minor" */
	bool required;
	uint32_t limit;
	const struct field *fields; /* of FIELD_LIST; ends with name NULL */
	const char *en, *ja;        /* label */
	const char *help;           /* one line: unit, format, example */
	const char *source;         /* where the rule comes from */
};

#define AMOUNT_OUTER 1 /* limit of an amount whose currency stands around it, whatever stands beside it */

enum opens { OPENS_NOTHING, OPENS_THREAD, OPENS_PART, OPENS_EITHER /* thread, or part in one */ };

struct kind {
	const char *name;    /* "support.issued" */
	const char *verb;    /* "issue": command name and button */
	const char *en, *ja; /* label of the verb */
	enum opens opens;
	const char *part_type;      /* of the part it opens, or NULL */
	bool note;                  /* answers nothing, changes nothing */
	const struct field *fields; /* ends with name NULL; NULL: none */
	const char *help;
};

/* A body that passed body_read(). All pointers borrow from the body's bytes. */
struct body {
	struct bytes bytes;
	struct bytes kind;
	int64_t stated_ms;
	const uint8_t *thread, *part, *seen; /* 32 bytes or NULL */
	const uint8_t *answers, *refs;       /* first item: each is 0x58 0x20 and 32 bytes; NULL when none */
	unsigned answer_count, ref_count;
	struct bytes attachments; /* the array item, or empty */
	struct bytes fields;      /* pairs from key 8 on, back to back */
	unsigned field_count;
};
/* Checks section 1 and 2.1 and fills the view. NULL, or the reason ("key-order", "body-part"). */
const char *body_read(struct bytes bytes, struct body *body);
struct bytes body_answer(const struct body *body, unsigned index); /* 32 bytes */
struct bytes body_ref(const struct body *body, unsigned index);
/* Own field as one CBOR item; empty when absent. */
struct bytes body_field(const struct body *body, uint8_t key);

/* What a writer wants; body_write gives the canonical bytes. fields: CBOR pairs for keys >= 8, ascending, as body.fields. */
struct body_draft {
	const char *kind;
	int64_t stated_ms;
	const struct id *thread, *part, *seen;
	struct id *answers;
	unsigned answer_count; /* sorted by body_write */
	const struct id *refs;
	unsigned ref_count;       /* order kept */
	struct bytes attachments; /* array item or empty */
	struct bytes fields;
	unsigned field_count;
};
void body_write(struct buf *out, struct body_draft *draft);

/* Rule F1: every required field present, none unknown, each of its type and within its limit. */
enum status record_check(const struct kind *kind, const struct body *body, struct err *err);
/* Same, for the pairs of one map (an own-field set or a list item). */
enum status fields_check(
    const struct field *fields, struct bytes pairs, unsigned count, const char *where, struct err *err);

/* Readers of checked fields; `has` style: false and *out untouched when absent. */
bool record_int(const struct body *body, uint8_t key, int64_t *out); /* INT AMOUNT TIME DAY BOOL */
bool record_text(const struct body *body, uint8_t key,
    struct bytes *out); /* TEXT CODE CURRENCY UNIT PARTY, and the text of LANG_TEXT */
bool record_id(const struct body *body, uint8_t key, struct id *out);
bool record_decimal(const struct body *body, uint8_t key, struct decimal *out);
/* Iterates a FIELD_LIST: item gets the map's pairs. */
struct list {
	struct bytes at;
	size_t left;
};
bool record_list(const struct body *body, uint8_t key, struct list *out);
struct list_item {
	struct bytes pairs;
	unsigned count;
};
bool list_next(struct list *list, struct list_item *item);
struct bytes item_field(const struct list_item *item, uint8_t key);
bool item_int(const struct list_item *item, uint8_t key, int64_t *out);
bool item_text(const struct list_item *item, uint8_t key, struct bytes *out);
bool item_decimal(const struct list_item *item, uint8_t key, struct decimal *out);
bool decimal_read(struct bytes item, struct decimal *out); /* CBOR item -> decimal; false when not canonical */
void decimal_write(struct buf *out, struct decimal value);
const struct field *field_find(const struct field *fields, const char *name);
bool code_fits(struct bytes text);       /* the form of FIELD_CODE */
bool party_code_fits(struct bytes text); /* of FIELD_PARTY: 2 to 8 of A-Z, 0-9 */
#endif
