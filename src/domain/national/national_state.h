/* Inside the national domain: numbers of kinds and fields, the state of a part after a move, and what its files give one another. */
#ifndef WARIFU_DOMAIN_NATIONAL_STATE_H
#define WARIFU_DOMAIN_NATIONAL_STATE_H
#include "core/domain.h"

#define OWN \
	1 /* the only side: in a national tally both are the one party, and who may do what is said by role and officer */
#define MENTION_BYTES 32

/* In the order of national_kinds. */
enum national_kind {
	KIND_WRITTEN,
	KIND_CHECKED,
	KIND_CERTIFIED,
	KIND_APPROVED,
	KIND_SENT_BACK,
	KIND_REWRITTEN,
	KIND_ENTERED,
	KIND_SENT,
	KIND_TAKEN_UP,
	KIND_DEMANDED,
	KIND_PAID,
	KIND_CORRECTED,
	KIND_HANDED_OVER,
	KIND_TAKEN_OVER,
	KIND_WITHDRAWN,
	KIND_NOTED,
	KIND_RESOLVED,
	KIND_RESTATED,
	KINDS
};
extern const struct kind national_kinds[];
extern const struct table national_tables[];
enum national_kind national_kind_of(const struct kind *kind);

enum { TABLE_DRAFT, TABLE_NOTICE, TABLE_HANDOVER, TABLE_ITEM, TABLE_DUTY };

/* Fields. Of a draft; */
enum {
	KEY_MOVE = 8,
	KEY_SHARED = 9,
	KEY_TARGET = 10,
	KEY_THREAD = 11,
	KEY_PART = 12,
	KEY_TITLE = 13,
	KEY_AMOUNT = 14,
	KEY_CURRENCY = 15,
	KEY_FIELDS = 16,
	KEY_REMARKS = 23
};
enum { KEY_REFERENCE = 8, KEY_AUTHORITY = 8 };
enum { ENTERED_SHARED = 8, ENTERED_THREAD = 9, ENTERED_ENTRY = 10, ENTERED_NUMBER = 11 };
/* of a notice; the first eleven of `corrected` too, where it has them; */
enum {
	NOTICE_SHARED = 8,
	NOTICE_THREAD = 9,
	NOTICE_PART = 10,
	NOTICE_ISSUE = 11,
	NOTICE_ORDER = 12,
	NOTICE_AGREEMENT = 13,
	NOTICE_DEBTOR = 14,
	NOTICE_ADDRESS = 15,
	NOTICE_AMOUNT = 16,
	NOTICE_CURRENCY = 17,
	NOTICE_ESTIMATE = 18,
	NOTICE_DELIVERED_ON = 19,
	NOTICE_DUE_ON = 20
};
enum { LEDGER_NUMBER = 8, LEDGER_ON = 9 };
enum { DEMAND_NUMBER = 8, DEMAND_DUE_ON = 9 };
enum { PAID_AMOUNT = 8, PAID_ON = 9 };
/* of a hand-over. */
enum { HANDED_TO = 8, HANDED_TO_POST = 9, HANDED_ITEMS = 10 };
enum {
	ITEM_THREAD = 0,
	ITEM_NUMBER = 1,
	ITEM_STATE = 2,
	ITEM_PEN = 3,
	ITEM_SINCE = 4,
	ITEM_LAST_CONTACT = 5,
	ITEM_CLOCK = 6,
	ITEM_REMARKS = 7,
	ITEM_SHARED = 8
};

/* A draft: the move that says what is drafted, and the officers of the steps since then. Writers: of every version. */
struct draft_state {
	const struct move *text;
	const struct bytes *writers;
	unsigned writer_count;
	struct bytes checker, certifier, approver, reference, authority;
	int64_t approved_ms;
	const struct move *entered;
};

struct notice_state {
	const struct move *opener;
	struct bytes debtor, address, currency;
	int64_t amount_minor, delivered_on, due_on, paid_minor, paid_on, ledger_on, demand_due_on;
	bool estimate;
	struct bytes ledger, demand; /* empty: not yet */
};

struct handover_state {
	const struct move *opener, *taken;
};

/* Which move this is, and the state after it: filled by national_check before the guards, which read it. */
struct judging {
	struct fold *fold;
	struct move *move;
	enum national_kind kind;
	void *after;
	const char *to;
};

struct bytes national_currency(const struct fold *fold, const struct part *part); /* of a notice */
/* Nobody is offered to take over, or to take back, a hand-over of which N21 would refuse it to him. */
bool national_offers(const struct fold *fold, const struct part *part, const struct kind *kind,
    const struct signer *signer, int64_t now_ms);
enum status national_sides(struct fold *fold, struct move *move, unsigned sides[SIDES], struct err *err);
enum status national_check(struct fold *fold, struct move *move, const char **to, struct err *err);
void national_part_data(const struct fold *fold, const struct part *part, struct buf *out);
void national_rows(const struct fold *fold, struct rows *rows);
/* The state after the move, from that before; *to is its name. ENVIRONMENT when memory ends. */
enum status national_apply(struct judging *judging, struct err *err);

static inline struct bytes move_text(const struct move *move, uint8_t key)
{
	struct bytes text = { 0 };

	record_text(&move->body, key, &text);
	return text;
}
static inline int64_t move_int(const struct move *move, uint8_t key)
{
	int64_t value = 0;

	record_int(&move->body, key, &value);
	return value;
}
/* A byte string, such as a mention; empty when absent. */
struct bytes move_bytes(const struct move *move, uint8_t key);
#endif
