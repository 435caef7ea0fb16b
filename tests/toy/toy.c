/* A library lends books to a partner's library: the smallest domain that is one. docs/adding-a-domain.md explains it line by line, and
 * the kernel is tested with it alone. */
#include "base/cbor.h"
#include "core/domain.h"
#include "core/guard.h"
#include <string.h>

enum { LENDER = 1, BORROWER = 2 };
enum { KEY_BORROWER = 8, KEY_BOOK = 9, KEY_COPIES = 10, KEY_DUE_ON = 11 };

static const struct part_type part_types[] = { { "loan", 'L', "loan", "貸出" }, { 0 } };

static const struct state states[] = {
	{ "loan", "lent", BORROWER, "貸出中", "library rules 1" },
	{ "loan", "coming back", LENDER, "返送中", "library rules 2" },
	{ "loan", "back", 0, "返却済", "library rules 3" },
	{ 0 },
};

static const struct field lent_fields[] = {
	{ KEY_BORROWER, FIELD_PARTY, "borrower", true, 0, NULL, "Borrower", "借り手", "party that borrows: JP",
	    "library rules 1" },
	{ KEY_BOOK, FIELD_TEXT, "book", true, 200, NULL, "Book", "書名", "title as on its cover", "library rules 1" },
	{ KEY_COPIES, FIELD_INT, "copies", true, 1000, NULL, "Copies", "冊数", "how many, 1 or more",
	    "library rules 1" },
	{ KEY_DUE_ON, FIELD_DAY, "due_on", false, 0, NULL, "Due on", "返却期限", "day: 2013-12-24", "library rules 1" },
	{ 0 },
};
static const struct field copies_fields[] = {
	{ KEY_COPIES, FIELD_INT, "copies", true, 1000, NULL, "Copies", "冊数", "how many", "library rules 2" },
	{ 0 },
};
static const struct field stands_fields[] = {
	{ 8, FIELD_ID, "stands", true, 0, NULL, "What stands", "有効とする記録", "the move that stands",
	    "docs/format.md 7" },
	{ 0 },
};
static const struct field entry_fields[] = {
	{ 8, FIELD_ID, "entry", true, 0, NULL, "Entry", "記録", "the void entry whose facts are adopted",
	    "docs/format.md 7" },
	{ 0 },
};

static const struct kind kinds[] = {
	{ "toy.lent", "lend", "lend", "貸し出す", OPENS_THREAD, "loan", false, lent_fields,
	    "lend copies of a book to a partner" },
	{ "toy.returned", "return", "return", "返送する", OPENS_NOTHING, NULL, false, copies_fields,
	    "send copies back" },
	{ "toy.received", "receive", "receive", "受け取る", OPENS_NOTHING, NULL, false, NULL,
	    "confirm what came back" },
	{ "toy.noted", "note", "note", "注記する", OPENS_NOTHING, NULL, true, NULL, "a note; it changes nothing" },
	{ "toy.resolved", "resolve", "resolve", "解消する", OPENS_NOTHING, NULL, false, stands_fields,
	    "end rival moves" },
	{ "toy.restated", "restate", "restate", "再記録する", OPENS_EITHER, NULL, false, entry_fields,
	    "adopt the facts of a void entry" },
	{ 0 },
};

static const struct transition transitions[] = {
	{ "loan", NULL, "toy.lent", "lent", LENDER, "librarian", PEN_MOVE, "library rules 1" },
	{ "loan", "lent", "toy.returned", "coming back", BORROWER, "reader", PEN_MOVE, "library rules 2" },
	{ "loan", "coming back", "toy.received", "lent", LENDER, "librarian", PEN_MOVE, "library rules 3" },
	{ "loan", "coming back", "toy.received", "back", LENDER, "librarian", PEN_MOVE, "library rules 3" },
	{ 0 },
};

/* The state of a loan after a move. */
struct loan {
	int64_t out, coming;
};

static enum status toy_sides(struct fold *fold, struct move *move, unsigned sides[SIDES], struct err *err)
{
	struct bytes borrower = { 0 };

	(void)err;
	record_text(&move->body, KEY_BORROWER, &borrower);
	unsigned party = fold_party_find(fold->tally, borrower);
	sides[LENDER] = move->signer.party;
	sides[BORROWER] = party < fold->tally->party_count ? party : move->signer.party;
	return OK;
}

static enum status toy_check(struct fold *fold, struct move *move, const char **to, struct err *err)
{
	struct loan *loan = arena_take(fold->arena, sizeof *loan);
	int64_t copies = 0;

	if (loan == NULL) {
		return err_set(err, ENVIRONMENT, "loan: out of memory");
	}
	record_int(&move->body, KEY_COPIES, &copies);
	if (strcmp(move->kind->name, "toy.lent") == 0) {
		GUARD(move->part->sides[BORROWER] != move->signer.party, err, "S1", "library rules 1",
		    "borrower: not another party of the tally");
		GUARD(copies > 0, err, "S2", "library rules 1", "copies: 0; must be 1 or more");
		*loan = (struct loan){ .out = copies };
		*to = "lent";
	} else if (strcmp(move->kind->name, "toy.returned") == 0) {
		*loan = *(const struct loan *)move->answers[0]->after;
		GUARD(copies > 0 && copies <= loan->out, err, "S3", "library rules 2", "copies: %lld; %lld are out",
		    (long long)copies, (long long)loan->out);
		loan->coming = copies;
		*to = "coming back";
	} else {
		*loan = *(const struct loan *)move->answers[0]->after;
		loan->out -= loan->coming;
		loan->coming = 0;
		*to = loan->out > 0 ? "lent" : "back";
	}
	move->after = loan;
	return OK;
}

static void toy_data(const struct fold *fold, const struct part *part, struct buf *out)
{
	const struct loan *loan = part->heads[0]->after;

	(void)fold;
	cbor_put_array(out, 2);
	cbor_put_int(out, loan->out);
	cbor_put_int(out, loan->coming);
}

static const struct column loan_columns[] = {
	{ "number", COLUMN_TEXT },
	{ "book", COLUMN_TEXT },
	{ "copies_out", COLUMN_INT },
	{ "state", COLUMN_TEXT },
	{ 0 },
};
static const struct table tables[] = { { "toy_loan", loan_columns }, { 0 } };
static const char toy_sql[] =
    "CREATE TABLE toy_loan (thread {int} NOT NULL PRIMARY KEY, number {text} NOT NULL, book {text} NOT NULL,"
    " copies_out {int} NOT NULL, state {text} NOT NULL);";

static void toy_rows(const struct fold *fold, struct rows *rows)
{
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *part = fold->parts[i];
		struct bytes book = { 0 };
		if (part->head_count == 1) {
			record_text(&part->opener->body, KEY_BOOK, &book);
			const struct row_value values[] = {
				row_text(bytes_text(part->number)),
				row_text(book),
				row_int(((const struct loan *)part->heads[0]->after)->out),
				row_text(bytes_text(part->heads[0]->state->name)),
			};
			rows_put(rows, &tables[0], values);
		}
	}
}

extern const struct domain toy_domain;
const struct domain toy_domain = {
	.name = "toy",
	.rule_set = 1,
	.side_names = { "", "lender", "borrower" },
	.part_types = part_types,
	.states = states,
	.kinds = kinds,
	.transitions = transitions,
	.sides = toy_sides,
	.check = toy_check,
	.part_data = toy_data,
	.rows = toy_rows,
	.tables = tables,
	.sql = toy_sql,
};
