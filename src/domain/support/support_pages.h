/* What the files of the domain's pages share. */
#ifndef WARIFU_DOMAIN_SUPPORT_PAGES_H
#define WARIFU_DOMAIN_SUPPORT_PAGES_H
#include "core/page.h"

/* support_ageing_pages.c: sums by age in one currency and direction, as a table whose rows have bars. Nothing where all are 0. */
struct ageing {
	const char *title; /* "we owe" */
	struct bytes currency;
	const char *const *names; /* of the ages: "0-30" */
	const int64_t *minor;
	unsigned count;
	int64_t most; /* the sum whose bar is a whole one */
};
int64_t ageing_most(const int64_t *one, const int64_t *two, unsigned count);
/* Of a whole bar, in thousandths; without its sign. */
unsigned ageing_share(int64_t minor, int64_t most);
void ageing_draw(struct html *html, const struct ageing *ageing);

/* support_statement_pages.c */
enum status show_statement_of(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
/* "2013-11": its last day; false when it is no month. */
bool month_ends(const char *text, int64_t *day);

/* support_net_pages.c */
enum status show_net(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status act_net(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err);
enum status show_agree(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status act_agree(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err);
enum status show_set_off(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status act_set_off(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err);

/* support_quick_pages.c */
enum status show_quick(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status show_quick_orders(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status show_quick_receipt(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status act_quick_receipt(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err);
enum status show_quick_taken(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status act_quick_taken(struct ctx *ctx, const struct request *request, struct acted *acted, struct err *err);

/* support_board_pages.c */
/* Is this the home's only tally? Then nobody has to ask of each thread whose it is. */
enum status tally_is_alone(struct ctx *ctx, bool *alone, struct err *err);
enum status show_board(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
/* support_board_pages.c: on the first page, how many orders wait for whom */
enum status show_front(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status show_carried(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
/* support_map_pages.c: where orders are delivered, all of them and one */
enum status show_map(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
enum status locator_show(struct ctx *ctx, const char *number, struct html *html, struct err *err);
/* support_not_allowed.c: beneath the form of a new order */
enum status show_not_allowed(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
#endif
