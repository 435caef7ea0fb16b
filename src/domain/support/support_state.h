/* The inside of the support domain: what its files share. Words and rules are those of docs/support-rules.md.
 *
 * State after a move (section 5) is one of three structs, by part type. They are immutable: a move copies what it changes
 * and shares the rest with the state before. All memory is the fold's arena; bytes borrow from bodies. */
#ifndef WARIFU_DOMAIN_SUPPORT_STATE_H
#define WARIFU_DOMAIN_SUPPORT_STATE_H
#include "base/unit.h"
#include "core/domain.h"
#include "core/guard.h"
#include "core/page.h"
#include "domain/support/support_profile.h"

/* In the order of support_kinds. */
enum support_kind {
	KIND_REQUESTED,
	KIND_OFFERED,
	KIND_DECLINED,
	KIND_ASKED,
	KIND_ANSWERED,
	KIND_WITHDRAWN,
	KIND_ACCEPTED,
	KIND_OFFER_COUNTERED,
	KIND_REJECTED,
	KIND_AMENDED,
	KIND_REFUSED,
	KIND_UNFILLED,
	KIND_CLOSED,
	KIND_OFFERED_UNASKED,
	KIND_ORAL_DENIED,
	KIND_ISSUED,
	KIND_TAKEN,
	KIND_TAKEN_ISSUED,
	KIND_DENIED,
	KIND_RECEIPTED,
	KIND_NOT_ARRIVED,
	KIND_CONCURRED,
	KIND_CONTESTED,
	KIND_ANNULLED,
	KIND_FIGURES_TAKEN,
	KIND_FIGURES_RESTATED,
	KIND_STOOD,
	KIND_RESOLUTION_PROPOSED,
	KIND_RESOLUTION_AGREED,
	KIND_RESOLUTION_COUNTERED,
	KIND_RETURN_ISSUED,
	KIND_RETURN_ACCEPTED,
	KIND_RETURN_REFUSED,
	KIND_CASH_ELECTED,
	KIND_ISSUED_UNORDERED,
	KIND_RATIFIED,
	KIND_REPUDIATED,
	KIND_TAKEN_UP,
	KIND_CLAIMED,
	KIND_APPROVED,
	KIND_QUERIED,
	KIND_CREDITED,
	KIND_RECLAIMED,
	KIND_UPHELD,
	KIND_ESCALATED,
	KIND_FIGURED,
	KIND_FIGURE_AGREED,
	KIND_FIGURE_COUNTERED,
	KIND_REMITTED,
	KIND_CONFIRMED,
	KIND_NOT_FOUND,
	KIND_CLAIMED_UNACKNOWLEDGED,
	KIND_REFUND_CLAIMED,
	KIND_ADJUSTMENT_PROPOSED,
	KIND_ADJUSTMENT_AGREED,
	KIND_ADJUSTMENT_REFUSED,
	KIND_NOTED,
	KIND_CANCEL_WISHED,
	KIND_RESOLVED,
	KIND_RESTATED,
	KIND_CONVERTED,
	KIND_EXCHANGE_LINKED,
	KIND_EXCHANGE_CERTIFIED,
	KIND_CERTIFY_REFUSED,
	KIND_WAIVED,
	KIND_NETTED,
	KIND_NETTING_PROPOSED,
	KIND_NETTING_AGREED,
	KIND_NETTING_REFUSED,
	KIND_NETTING_WITHDRAWN,
	KIND_NETTING_REPROPOSED,
	KIND_NETTING_REMITTED,
	KIND_NETTING_CONFIRMED,
	KIND_NETTING_NOT_FOUND,
	KINDS,
};
/* A set of kinds: one bit for each. */
__extension__ typedef unsigned __int128 kind_set;
#define KIND_BIT(kind) ((kind_set)1 << (kind))
_Static_assert(KINDS < 128, "a set of kinds has 128 bits");

/* Sides. */
enum { RECEIVER = 1, SUPPLIER = 2 };

/* Keys of own fields (section 2). */
enum {
	KEY_SUPPLIER = 8,
	KEY_ACTIVITY = 9,
	KEY_LINES = 10, /* of an order */
	KEY_PLACE = 11,
	KEY_DELIVER_ON = 12,
	KEY_THIRD_PARTY = 13,
	KEY_CONSENT = 14,
	KEY_OFFSET = 15,
	KEY_RATES = 16,
	KEY_URGENCY = 17,
	KEY_CHARTER = 18,
	KEY_PROFILE = 19,
	KEY_RULE_SET = 20,
	KEY_REFERENCE = 21,
	KEY_VALID_UNTIL = 22,
	KEY_REMARKS = 23,
	KEY_APPROVER = 24,
	KEY_AUTHORITY = 25,
	KEY_ORAL_AT = 26,
	KEY_ORAL_WITH = 27,

	KEY_RECEIVER = 8, /* of an unasked offer and an unordered issue */
	KEY_UNORDERED_AT = 28,
	KEY_UNORDERED_OFFSET = 29,
	KEY_UNORDERED_VOUCHER = 30,
	KEY_UNORDERED_BY = 31,
	KEY_METERS = 32,
	KEY_RECEIVED_BY = 10,
	KEY_ADJUSTED_LINE = 8,
	KEY_RIGHT_QUANTITY = 9,
	KEY_RIGHT_AMOUNT = 10,
	KEY_ADJUSTMENT_REASON = 11,

	KEY_REASON = 8,
	KEY_TERMS = 8,
	KEY_ITEMS = 8, /* lines of an issue, a receipt, a claim */
	KEY_DELIVERED_AT = 9,
	KEY_ISSUE_OFFSET = 10,
	KEY_VOUCHER = 12,
	KEY_HANDED_OVER_BY = 13,
	KEY_CURRENCY = 9,
	KEY_QUERY_REASON = 9,
	KEY_TOTAL = 10,
	KEY_AMOUNT = 10,
	KEY_INVOICE = 11,
	KEY_PAY_TO = 12,
	KEY_REMIT_REFERENCE = 11,
	KEY_VALUE_ON = 12,
	KEY_STANDS = 8,
	KEY_ENTRY = 8,
	KEY_LAW = 8,
	KEY_PARTNER = 8,
	KEY_CLAIMS = 11,
};
#define TERMS_FIRST KEY_LINES
#define TERMS_FIELDS (KEY_RATES - KEY_LINES + 1)

/* ---- state of an order ------------------------------------------------------------------------------------------- */

struct terms_line {
	int64_t line;
	struct bytes category, kind, description_en, description_ja, meter, price_basis, currency, settlement, nsn,
	    fuel;
	struct decimal quantity, per;
	const struct unit *unit;
	bool has_price, has_ceiling, has_return_by;
	int64_t price_minor, ceiling_minor, return_by;
};

struct terms {
	struct id id;                     /* of the move that put them on the table */
	struct bytes items[TERMS_FIELDS]; /* fields 10 to 16 as written; empty: not set */
	bool has_valid_until;
	int64_t valid_until;
	struct terms_line *lines;
	unsigned line_count;
};

struct order_state {
	const struct move *opening; /* `requested`, `offered_unasked`; of an unordered issue `issued_unordered` */
	struct bytes profile_hash;  /* 32 bytes */
	struct bytes orderer;       /* empty: none */
	const struct terms *agreed, *table; /* NULL: none */
	const struct terms *asked;          /* the receiver's own last on the table; NULL: none */
};

/* ---- state of an issue ------------------------------------------------------------------------------------------- */

struct issue_line {
	const struct terms_line *terms;
	bool has_issued, has_accepted, has_proposed, has_chargeable;
	struct decimal issued, accepted, short_of, damaged, refused, proposed, chargeable, returned, returning;
	struct bytes reason; /* empty: none */
	int64_t exchanged_minor, linked_minor;
};

/* One item of what was linked for exchange: value of a line of the reverse order against a line here. */
struct exchange_item {
	int64_t line, their_line, value_minor, applied_minor;
	struct id thread, issue;
	struct bytes currency;          /* of value_minor */
	const struct issue_line *found; /* NULL: no such line here */
};
/* Items certified, newest first. */
struct exchange {
	struct id certified; /* the move that certified them */
	const struct exchange_item *items;
	unsigned count;
	const struct exchange *before;
};

struct issue_state {
	bool taken, unordered;
	/* At refs[0] of the opener; of an unordered issue one of its own, agreed once it is ratified. terms_of(order) are those of the issue. */
	const struct order_state *order;
	struct bytes method;
	int64_t delivered_at_ms;
	struct bytes receiver; /* officer; empty: none */
	struct issue_line *lines;
	unsigned line_count;
	struct exchange linked; /* items that wait to be certified; count 0: none */
	struct bytes linked_currency;
	int64_t linked_total_minor;
	const struct exchange *exchanged; /* NULL: none */
};

/* ---- state of a claim -------------------------------------------------------------------------------------------- */

struct claim_issue {
	const struct part *part;
	const struct issue_state *state;
	const char *in; /* name of the state */
};

enum claim_line_kind { LINE_PLAIN, LINE_CREDIT, LINE_ADJUSTMENT };
struct claim_line {
	enum claim_line_kind kind;
	const struct part *part;       /* the issue's, or the adjustment's */
	unsigned issue;                /* index into issues; not of an adjustment */
	const struct issue_line *line; /* of an adjustment: the line adjusted */
	struct decimal quantity;       /* of a plain one */
	int64_t amount_minor, credited_minor;
};

struct claim_state {
	const struct order_state *order; /* at refs[0] of the opener */
	enum support_kind opened;        /* claimed, claimed_unacknowledged, refund_claimed */
	const struct claim_issue *issues;
	unsigned issue_count;
	const struct claim_adjustment *adjustments;
	unsigned adjustment_count;
	struct bytes currency;
	struct claim_line *lines;
	unsigned line_count;
	bool has_due, has_figure, has_remitted;
	int64_t due_minor, paid_minor, figure_minor, remitted_minor, value_on;
	struct bytes remitted_reference;
};

/* ---- state of a netting -------------------------------------------------------------------------------------------- */

struct netting_list {
	bool set;
	struct id id;        /* of the move that put it on the table, or agreed it */
	struct bytes claims; /* the array as written; empty: none */
	int64_t total_minor;
};

struct netting_state {
	struct bytes currency, profile_hash;
	struct netting_list agreed, table;
	int64_t paid_minor, remitted_minor, value_on;
	bool has_remitted;
	struct bytes remitted_reference;
};

/* ---- state of an adjustment --------------------------------------------------------------------------------------- */

struct adjustment_state {
	const struct part *part; /* the issue's */
	const struct issue_state *issue;
	const struct issue_line *line;
	bool has_quantity;
	struct decimal quantity;
	int64_t amount_minor, difference_minor;
};

struct claim_adjustment {
	const struct part *part;
	const struct adjustment_state *state;
};

/* ---- a move under judgement -------------------------------------------------------------------------------------- */

/* One line of issued, taken, receipted, return and resolution moves, read but not judged. */
struct given_line {
	int64_t line;
	struct decimal quantity;        /* `quantity` or `accepted` as written */
	struct bytes unit_code;         /* empty: not given */
	const struct terms_line *terms; /* NULL: no such line in the terms */
	const struct issue_line *issue; /* NULL: no such line in the issue here */
	bool converted;                 /* in_terms is set */
	struct decimal in_terms;        /* quantity in the unit of the terms */
	bool has_short, has_meter_start, has_meter_end, has_meter_reading;
	struct decimal short_of, damaged, refused, meter_start, meter_end;
	struct bytes reason, nsn;
};

struct given_claim_line {
	int64_t issue, line; /* as written */
	int64_t amount_minor;
	bool has_amount;
	const struct issue_line *found; /* NULL: no such line, or nothing left of it */
	unsigned index;                 /* into issues, when found */
	struct decimal quantity;        /* the claimable one */
	int64_t overcharge_minor;       /* above 0: a credit line */
};

struct given_item {
	int64_t item;
	int64_t credit_minor;
};

/* fold->thread_state: the profile that the last move was judged by. */
struct profile_kept {
	struct id hash;
	struct profile profile;
};
struct given_netted {
	struct id thread, claim;
	struct bytes owed_by, currency, source;
	int64_t amount_minor, value_minor, on;
	bool has_rate, has_on;
	struct decimal rate;
};

/* The past head of a part (4.1). */
struct past_head {
	const struct part *part;
	const struct move *head;
};

struct judging {
	struct fold *fold;
	const struct move *move;
	enum support_kind kind;
	int64_t day;                   /* UTC day of the stated time */
	const struct profile *profile; /* the thread's; empty: none */
	const char *agreement;         /* its id, for messages */

	/* Here: the state after the head that the move answers; for a move that opens a part, order is that at refs[0]. NULL: none. */
	const struct order_state *order;
	const struct issue_state *issue;
	const struct claim_state *claim;
	const struct netting_state *netting;
	const struct adjustment_state *adjustment;
	const struct issue_state *adjusted; /* the issue that a proposed adjustment stands on */

	const struct past_head *heads; /* of all parts; NULL: not looked at yet */
	unsigned head_count;
	const struct terms *terms; /* resulting terms of a kind of T */
	struct given_line *lines;
	unsigned line_count;
	bool lines_given;
	const struct claim_issue *issues; /* issues that a claim stands on */
	unsigned issue_count;
	struct given_claim_line *claim_lines;
	unsigned claim_line_count;
	const struct claim_adjustment *adjustments; /* that a claim carries */
	unsigned adjustment_count;
	struct given_item *items;
	unsigned item_count;
	struct exchange_item *exchange_items;
	unsigned exchange_item_count;
	struct given_netted *netted;
	unsigned netted_count;
	bool out_of_memory;
};

/* support.c */
extern const struct kind support_kinds[];
extern const struct table support_tables[];
enum support_kind support_kind_of(const struct kind *kind); /* KINDS: not of this domain */

/* support_read.c: fields into structs; judges nothing. False: out of memory. */
bool support_read(struct judging *judging);
/* The terms of an issue under this state of an order: those agreed; of an unordered issue, before that, those on the table. */
const struct terms *terms_of(const struct order_state *order);
const struct terms_line *terms_line_find(const struct terms *terms, int64_t line);
/* Lines of terms as a field gives them; false: out of memory. */
bool terms_lines_read(struct arena *arena, struct bytes array, struct terms *terms);
const struct issue_line *issue_line_find(const struct issue_state *issue, int64_t line);

/* support_amount.c: sums and amounts; false when a result does not fit. */
/* support_offers.c */
bool support_offers(const struct fold *fold, const struct part *part, const struct kind *kind,
    const struct signer *signer, int64_t now_ms);
enum reliance support_relies(
    const struct fold *fold, const struct kind *kind, const struct part *other, int64_t now_ms);
struct bytes support_currency(const struct fold *fold, const struct part *part); /* of its amounts; empty: not one */
bool line_amount(const struct terms_line *line, struct decimal quantity, int64_t *minor);
bool line_value(const struct terms_line *line, int64_t *minor);
bool terms_total(const struct terms *terms, struct bytes currency, int64_t *minor);
bool issue_line_rest(const struct issue_line *line, struct decimal *rest); /* false: not chargeable yet */
/* Price of an issue's line for a claim that names this state of the order; NULL when it has none. */
/* Figures of a receipt's line in the unit of the terms (5.2); false when they do not add up to what was issued (S46). */
struct receipt_figures {
	struct decimal accepted, short_of, damaged, refused;
};
bool receipt_figures(const struct given_line *line, bool taken, struct receipt_figures *figures);
const struct terms_line *claim_price(const struct issue_line *line, const struct order_state *order);
bool claim_total(const struct claim_state *claim, int64_t *minor);
/* Amount of the rest of a line at a price, less what was exchanged of it. */
bool rest_amount(const struct issue_line *line, const struct terms_line *price, int64_t *minor);
/* Value of a line in exchange, and what is left of it. */
bool exchange_value(const struct issue_line *line, int64_t *minor);
bool exchange_left(const struct issue_line *line, int64_t *minor);
/* Due less paid, or the total where due is not set. */
bool claim_open(const struct claim_state *claim, int64_t *minor);
/* An amount of one currency in another at a rate of major units of `to` for one of `from`; divided: of `from` in minor units of `to`
 * turned back. */
bool convert_minor(struct bytes from, struct bytes to, struct decimal rate, int64_t minor, int64_t *out);
bool convert_back(struct bytes from, struct bytes to, struct decimal rate, int64_t minor, int64_t *out);
/* The first rate of terms between two currencies; *inverse: it is given from b to a. */
bool terms_rate(const struct terms *terms, struct bytes a, struct bytes b, struct decimal *rate, bool *inverse);
/* D of an issue in milliseconds (4.1); false when the profile has no clock for it. */
bool conversion_due(const struct profile *profile, const struct issue_state *issue, int64_t *ms);

/* support_claimable.c: what a claim may hold (5.3, 4.1). */
bool claim_read(struct judging *judging); /* lines and adjustments of a claim under judgement; false: out of memory */
/* Do the present lines of the claim hold a line of this issue part? line 0: any. */
bool claim_holds(const struct claim_state *claim, const struct part *part, int64_t line);
/* Is this the past head of a claim part other than that of the move judged, not withdrawn? Its state; else NULL. */
const struct claim_state *live_claim(const struct judging *judging, const struct past_head *head);
/* The amount of a line that stands in a claim under judgement; false when it does not fit. */
bool claim_line_amount(const struct judging *judging, const struct given_claim_line *line, int64_t *minor);
/* What claims hold too much of a line of an issue with one head (4.1, by all that is here); 0: nothing. */
int64_t overcharge_now(const struct fold *fold, const struct part *issue, const struct issue_line *line);

/* support_adjust.c (5.5) */
const struct terms_line *adjustment_price(const struct judging *judging, const struct issue_line *line);
/* The adjustment that the move proposes; false when the right amount or the difference does not fit. */
bool adjustment_right(const struct judging *judging, const struct issue_line *line, int64_t *minor);
bool adjustment_difference(struct judging *judging, const struct issue_line *line, int64_t *minor);
/* The end of the silence for an issue (5.6); false when the agreement does not say. */
bool silence_end(const struct judging *judging, const struct issue_state *issue, int64_t *ms);

/* support_past.c: what the past of the judged move holds. */
/* Past heads of all parts, by part in the order of opening; count in *count; NULL when out of memory. */
const struct past_head *past_heads(struct judging *judging, unsigned *count); /* found once */
/* Is one of the moves answered by a valid move in the past? */
bool past_answers(const struct judging *judging, struct move *const *moves, unsigned count);
/* Does a valid `receipted` in the past name this move in refs? */
bool past_joins(const struct judging *judging, const struct move *taken);

/* support_profile.c: what the agreement says. */
bool profile_id(const struct profile *profile, struct bytes *id);
bool profile_in_force(const struct profile *profile, int64_t day);
/* Is code the `code` of an item of the list of this name? */
bool profile_lists(const struct profile *profile, const char *list, struct bytes code);
bool profile_reason(const struct profile *profile, const char *list, struct bytes code);
const char *profile_reasons(
    struct arena *arena, const struct profile *profile, const char *name); /* its codes, with commas; for people */
/* A category of the agreement on this day; a method for a supply or service; a currency of claims. */
bool profile_category(const struct profile *profile, struct bytes category, int64_t day);
bool profile_settles(const struct profile *profile, struct bytes kind, struct bytes method);
bool profile_currency(const struct profile *profile, struct bytes currency);
bool profile_needs_consent(const struct profile *profile);
struct decimal profile_tolerance(const struct profile *profile, const char *category); /* percent */
enum separation { SEPARATION_NONE, SEPARATION_BELOW, SEPARATION_ABOVE };
enum separation profile_separation(const struct profile *profile, const struct terms *terms);

/* clocks / NAME / value: an integer from 0 to 36500. */
bool profile_clock(const struct profile *profile, const char *name, int64_t *value);

/* support_rules.c: guards in order. */
enum status support_check(struct fold *fold, struct move *move, const char **to, struct err *err);
typedef enum status guard_fn(struct judging *judging, struct err *err);
struct guard {
	const char *rule;
	kind_set kinds;
	guard_fn *judge;
};
extern const struct guard order_guards[], issue_guards[], claim_guards[], later_guards[], adjust_guards[],
    exchange_guards[], netting_guards[];                             /* end with rule NULL */
const char *clause(const struct judging *judging, const char *part); /* "agreement gb-jp-2017, lines" */
bool within_limit(const struct judging *judging, struct bytes currency, int64_t minor);

/* support_apply.c: the lines of a claim after claimed, reclaimed or credited (its state here else). False: out of memory. */
bool claim_after(struct judging *judging, struct claim_state *after);
/* The state after a move that every guard let pass; the name of the state. NULL: out of memory. */
const char *support_apply(struct judging *judging, void **after);
/* support_exchange.c */
bool item_id(const struct list_item *item, uint8_t key, struct id *out);
bool exchange_read(struct judging *judging);
const char *exchange_apply(struct judging *judging, struct issue_state *issue);
enum standing support_standing(const struct fold *fold, const struct move *standing, const struct move *other);
/* support_netting.c */
bool netting_read(struct judging *judging);
const char *netting_apply(struct judging *judging, void **after);
void netting_data(const struct netting_state *netting, struct buf *out);
/* support_fold.c */
enum status support_sides(struct fold *fold, struct move *move, unsigned sides[SIDES], struct err *err);
void support_part_data(const struct fold *fold, const struct part *part, struct buf *out);
const struct state *support_part_state(const struct fold *fold, const struct part *part);
/* support_rows.c */
void support_rows(const struct fold *fold, struct rows *rows);
/* support_rows_netting.c */
struct row_frame { /* what every part's row says */
	struct row_value id, number, state, pen, heads, since;
};
/* support_rows_board.c: the row of the board, taken together from what each part's row says. */
#define BOARD_TURN (INT64_C(1) << 52)  /* ranks: whose turn it is, and below this the time */
#define BOARD_CLOSING (BOARD_TURN / 2) /* added to the time where only closing is left */
#define BOARD_NEVER BOARD_TURN         /* due_ms where no clock runs */
#define BOARD_NO_DAY 9999999           /* deliver_on where there is none */
struct board {
	int64_t best[SIDES][3]; /* by side, and by turn: since when; NO_TIME: no such part */
	uint64_t states;
	struct row_value due_ms, due_on, due_offset; /* VALUE_NULL: no clock runs */
};
/* Those of a state's name, of whatever parts; 0: the name is none of the domain's. state: a row of its table. */
uint64_t support_state_bits(const char *name);
void board_begin(struct board *board);
void board_add(struct board *board, const struct part *part, const struct state *state);
/* Of an order of which only closing is left, or all of which is issued: that; NULL of any other part. */
const char *support_hint(const struct fold *fold, const struct part *part);
/* Of an order all of which is issued, and is not settled: it waits for what its other parts wait for. */
bool support_idle(const struct fold *fold, const struct part *part);
/* Of the clocks that run in the thread, the one that ends first; and whose turn it is at the order. After board_add of every part. */
void board_clocks(struct board *board, const struct fold *fold);
/* deliver_on: VALUE_NULL when there is none. */
void board_row(const struct board *board, const struct part *part, struct row_value deliver_on, struct rows *rows);
void exchange_rows(const struct part *part, const struct issue_state *issue, struct rows *rows);
void rate_rows(const struct fold *fold, const struct terms *terms, struct rows *rows);
void netting_rows(const struct fold *fold, const struct part *part, const struct row_frame *frame, struct rows *rows);
enum {
	TABLE_ORDER,
	TABLE_LINE,
	TABLE_ISSUE,
	TABLE_ISSUE_LINE,
	TABLE_CLAIM,
	TABLE_CLAIM_LINE,
	TABLE_OFFERED_LINE,
	TABLE_REMARK,
	TABLE_EXCHANGE,
	TABLE_NETTING,
	TABLE_NETTING_CLAIM,
	TABLE_NETTING_AGREED,
	TABLE_RATE,
	TABLE_ADJUSTMENT,
	TABLE_BOARD,
};

extern const struct command support_commands[];
extern const struct page support_pages[];
extern const struct act support_acts[];
/* What may stand in a field of a form. */
enum status support_choices(struct ctx *ctx, const struct fold *fold, const struct kind *kind,
    const struct field *field, struct field_choice **out, unsigned *count, struct err *err);

#endif
