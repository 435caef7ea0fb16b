/* What the pages of the national domain share. They show the party's national tally, whichever is at hand, as the commands do. */
#ifndef WARIFU_DOMAIN_NATIONAL_PAGES_H
#define WARIFU_DOMAIN_NATIONAL_PAGES_H
#include "core/page.h"
#include "domain/national/national_commands.h"

/* A page while it is drawn. */
struct drawn {
	const struct request *request;
	struct html *html;
	struct places places;
	bool elsewhere;      /* another tally is at hand: links to threads change it */
	const char *number;  /* what the page is about; NULL: a list */
	const void *context; /* the page's own */
};
/* Runs `act` in the national tally with a struct drawn. Where the home has no national tally the page says so, and is OK. */
enum status draw_national(struct ctx *ctx, const struct request *request, struct html *html, ctx_act *act,
    struct drawn *drawn, struct err *err);
/* Links between the pages of the domain. */
void national_links(struct drawn *drawn);
/* An address at which this tally is chosen. */
const char *with_tally(struct ctx *ctx, const char *path, const struct id *tally);
/* Path of a thread of this tally. */
const char *national_thread(struct ctx *ctx, const struct drawn *drawn, const char *number);
const char *shared_thread(struct ctx *ctx, const struct id *tally, const char *number);
/* A list of what the domain's rows hold: filtered by the states of its part type, sorted by one of `sorts`, whose SQL wants :state, :most and :skip. */
struct national_list {
	const char *path, *part_type;
	const struct page_sort *sorts;
	const struct listing_column *columns;
	unsigned column_count;
	void (*row)(struct ctx *ctx, struct drawn *drawn, struct listing *listing, struct query *row);
	void (*links)(struct drawn *drawn); /* above it; NULL: none */
};
enum status show_list(struct ctx *ctx, const struct request *request, struct html *html,
    const struct national_list *list, struct err *err);
struct id id_at(struct query *row, unsigned column);
void drawn_fact(struct html *html, const char *name, const char *value); /* a blank one is left out */
const char *typed(const struct request *request, const char *name);      /* of a refused form; "" */
/* <label> with an input: type "text", "date", "number"; hint NULL: none. */
void form_input(struct html *html, const struct request *request, const char *type, const char *name, const char *label,
    bool required, const char *hint);

enum status show_drafts(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status show_write(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status show_rewrite(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status show_enter(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status act_enter(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err);
enum status draft_head(struct ctx *ctx, struct drawn *drawn, bool *found, struct err *err);
enum status show_notices(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status show_missing(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status show_send(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status act_send(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err);
enum status show_office(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status act_office(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err);
enum status notice_head(struct ctx *ctx, struct drawn *drawn, bool *found, struct err *err);
enum status show_handovers(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status show_handing(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status act_handing(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err);
enum status show_duty(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status handover_head(struct ctx *ctx, struct drawn *drawn, bool *found, struct err *err);

extern const struct page national_pages[];
extern const struct act national_acts[];
#endif
