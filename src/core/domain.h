/* The domain contract: one visible table per domain, many readers. The kernel calls a domain only through this. The fold of
 * a thread is a pure function: no clock, random, locale, float, SQL or attachment may be looked at behind these calls. */
#ifndef WARIFU_CORE_DOMAIN_H
#define WARIFU_CORE_DOMAIN_H
#include "core/command.h"
#include "core/record.h"
#include "core/rows.h"

#define SIDES 3 /* side 0 is "nobody"; a domain names sides 1 and 2 (support: receiver, supplier) */

struct part_type {
	const char *name;
	char letter;
	const char *en, *ja;
};

struct state {
	const char *part_type, *name; /* "issue", "return due" */
	uint8_t pen;                  /* side that makes the next move; 0: final */
	const char *ja;
	const char *source;
};

enum standing {
	PEN_MOVE,
	STANDS /* a standing move that wins over a concurrent pen move */,
	YIELDS /* one that loses */
};

struct transition {
	const char *part_type;
	const char *from; /* NULL: the move opens the part */
	const char *kind;
	const char *to; /* several rows of one (part, from, kind): the domain's check picks among their `to` */
	uint8_t side;   /* who makes it */
	const char *role;
	enum standing standing;
	const char *source;
};

/* The signer of an entry, from its grant. */
struct signer {
	unsigned party; /* number of the party in the tally */
	struct bytes officer, post;
	struct bytes roles;  /* CBOR array of codes */
	struct bytes limits; /* CBOR map of currency to amount, or empty: no limit */
	int64_t desk_number;
};
bool signer_has_role(const struct signer *signer, const char *role);
/* True when amount is within the signer's limit in that currency (empty limits: always; currency absent: only 0). */
bool signer_within_limit(const struct signer *signer, const char *currency, int64_t amount_minor);

enum verdict { VERDICT_VALID, VERDICT_VOID, VERDICT_WAITING, VERDICT_OVERTAKEN, VERDICT_UNKNOWN };

struct part;
/* One entry of a thread as a fold sees it. */
struct move {
	struct id id;
	struct body body;        /* of a `restated`: kind, own fields and attachments are those of the entry it names */
	const struct kind *kind; /* NULL for an unknown kind */
	struct signer signer;
	struct part *part;     /* NULL: a note on the thread */
	struct move **answers; /* body.answer_count; NULL items cannot occur in a move that is checked */
	struct move **refs;    /* body.ref_count; an item is NULL when the entry is of another thread or no move */
	enum verdict verdict;
	char rule[8];              /* of a void one */
	const struct state *state; /* of the part after this move, when valid */
	void *after;    /* the domain's own state of the part after this move, when valid; from fold->arena */
	unsigned depth; /* moves in a row in the part */
	uint32_t order; /* position in the thread's causal order, from 0 */
	void *kernel;   /* the kernel's own */
};

struct part {
	struct id id;
	const struct part_type *type;
	struct move *opener;
	struct part *parent;   /* NULL: the thread's first part */
	unsigned sides[SIDES]; /* sides[1], sides[2]: party numbers */
	struct move **heads;
	unsigned head_count; /* filled when all moves have their verdict */
	char number[64];
};

struct tally_view {
	struct id id;
	bool rehearsal, national;
	unsigned party_count;
	const char *party_codes[8];
};

struct fold {
	struct arena *arena;
	const struct tally_view *tally;
	struct id thread;
	struct move **moves;
	unsigned move_count; /* causal order */
	struct part **parts;
	unsigned part_count;  /* by opening, causal order */
	struct move *opening; /* opened the thread; NULL while missing */
	void *thread_state;   /* the domain's, set by check of the opening */
	void *kernel;
};
/* Profile with this hash, as checked CBOR; empty when the tally has none such. */
struct bytes fold_profile(const struct fold *fold, struct bytes profile_hash);
/* Is entry x in the past of move m? Exact, by docs/format.md section 4. */
bool fold_past_holds(const struct fold *fold, const struct move *move, const struct move *x);
/* Is the move taken up by another party (docs/format.md 7, step 3), by the verdicts as they are when this is asked? */
bool fold_taken_up(const struct fold *fold, const struct move *move);
/* Does an entry before the move in its log, in whatever thread, state this time or a later one? */
bool fold_log_states(const struct fold *fold, const struct move *move, int64_t ms);
unsigned fold_party_find(const struct tally_view *tally, struct bytes code); /* party_count when absent */

struct ctx;
/* What may stand in a field of a form: the value, and its label in both languages. */
struct field_choice {
	const char *value, *en, *ja;
};
enum reliance { RELIES_NEVER, RELIES_MAYBE, RELIES_USUALLY };
struct page;
struct act;
struct paper;
struct domain {
	const char *name;                     /* "support" */
	unsigned rule_set;                    /* newest */
	const char *side_names[SIDES];        /* "", "receiver", "supplier" */
	const struct part_type *part_types;   /* ends with name NULL */
	const struct state *states;           /* ends with name NULL */
	const struct kind *kinds;             /* ends with name NULL */
	const struct transition *transitions; /* ends with kind NULL */

	/* Before K10: who is side 1 and 2 of the part that this move opens. A part inside a thread has inherited its parent's. */
	enum status (*sides)(struct fold *fold, struct move *move, unsigned sides[SIDES], struct err *err);
	/* Guards in order of their rule numbers, then the state after the move: sets move->after and returns in *to the name of the
	 * state, one of the candidates' `to`. REFUSED with rule and source otherwise. All that it reads is named by the move. */
	enum status (*check)(struct fold *fold, struct move *move, const char **to, struct err *err);
	/* Which of a standing move and a concurrent move of the other party on one head stands: STANDS the first, YIELDS the second wins;
	 * PEN_MOVE: what the table says. NULL: the table always. Reads the two, their past and their logs, nothing else. */
	enum standing (*standing)(const struct fold *fold, const struct move *standing, const struct move *other);
	/* `data` of a part for the state encoding (docs/format.md 8): one CBOR item, from the one head. */
	void (*part_data)(const struct fold *fold, const struct part *part, struct buf *out);
	/* State names of derived ends (a `taken` joined to an issue); NULL or unchanged when none. Called with heads filled. */
	const struct state *(*part_state)(const struct fold *fold, const struct part *part);
	/* Rows of the thread; the kernel has removed the old ones. */
	void (*rows)(const struct fold *fold, struct rows *rows);

	const struct table *tables;     /* ends with name NULL */
	const char *sql;                /* CREATE statements */
	const struct command *commands; /* ends with noun NULL */
	/* Choices of a field by the agreement in force, from the command's arena; *count 0: none are listed. NULL: never any. fold: the
	 * thread that the move is for; NULL: it opens one. */
	enum status (*choices)(struct ctx *ctx, const struct fold *fold, const struct kind *kind,
	    const struct field *field, struct field_choice **out, unsigned *count, struct err *err);
	/* Would the move be of use now, at this part? What the guards would refuse whatever is typed is not offered; a kind that opens a
	 * part is asked for at every part. signer: who would make it; NULL: whoever may. NULL: all that the table allows, and openings at the
	 * first part. */
	bool (*offers)(const struct fold *fold, const struct part *part, const struct kind *kind,
	    const struct signer *signer, int64_t now_ms);
	/* What a move of the kind names beside the part that it is aimed at: another part of the thread that it never names, may name, or
	 * names as a rule now. NULL: any may be named. */
	enum reliance (*relies)(
	    const struct fold *fold, const struct kind *kind, const struct part *other, int64_t now_ms);
	/* Currency of the amounts of a part, where all are in one; empty when not. NULL: never known. */
	struct bytes (*currency)(const struct fold *fold, const struct part *part);
	/* What is said beside the state of a part, a word of data/words.json; NULL: nothing. NULL: never anything. */
	const char *(*hint)(const struct fold *fold, const struct part *part);
	/* Does a part wait for nobody now, though its state gives one side the pen? NULL: none ever. */
	bool (*idle)(const struct fold *fold, const struct part *part);
	/* Fields that say when something was done, by name, ends with NULL: one ahead of now is asked about before it is signed. NULL: none. */
	const char *const *done_at;
	const struct page *pages;   /* ends with path NULL; NULL: none (core/page.h) */
	const struct act *acts;     /* what forms of these pages do; ends with path NULL; NULL: none */
	const struct paper *papers; /* ends with name NULL; NULL: none (core/paper.h) */
};

const struct kind *domain_kind(const struct domain *domain, struct bytes name);
const struct state *domain_state(const struct domain *domain, const char *part_type, const char *name);
/* The registry: NULL-terminated list, given by the program (src/domain/registry.c) or a test. */
extern const struct domain *const domains[];
const struct domain *domain_find(struct bytes kind_or_name); /* by the word before the point */
#endif
