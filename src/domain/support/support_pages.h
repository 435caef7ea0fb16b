/* What the files of the domain's pages share. */
#ifndef WARIFU_DOMAIN_SUPPORT_PAGES_H
#define WARIFU_DOMAIN_SUPPORT_PAGES_H
#include "core/page.h"

/* support_board_pages.c */
enum status show_board(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
/* support_board_pages.c: on the first page, how many orders wait for whom */
enum status show_front(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
/* support_not_allowed.c: beneath the form of a new order */
enum status show_not_allowed(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
#endif
