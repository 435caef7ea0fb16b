/* What the pages of the domain share: parameters, and forms of filters. */
#ifndef WARIFU_DOMAIN_SUPPORT_PAGES_H
#define WARIFU_DOMAIN_SUPPORT_PAGES_H
#include "core/page.h"

bool page_wants(const struct request *request, const char *form);        /* ?as=form */
const char *page_given(const struct request *request, const char *name); /* absent or blank: NULL */
void filter_open(struct html *html, const char *path);
void filter_close(struct html *html);
void filter_input(
    struct html *html, const struct request *request, const char *type, const char *name, const char *label);
void filter_option(struct html *html, const char *value, const char *text, const char *chosen);
void filter_select_open(struct html *html, const char *name, const char *label);
void filter_select_close(struct html *html);

/* support_board_pages.c */
enum status show_board(struct ctx *ctx, const struct request *request, struct html *html, struct err *err);
#endif
