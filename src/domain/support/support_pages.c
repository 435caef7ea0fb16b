/* Pages of the support domain: what is due, the account, the audit, and what stands at the head of an order's page. */
#include "domain/support/support_pages.h"
#include "core/page.h"
#include "core/print.h"
#include "domain/support/support.h"
#include "domain/support/support_commands.h"
#include "domain/support/support_state.h"
#include <string.h>

/* ---- what commands compute --------------------------------------------------------------------------------------------- */

static void as_of_filter(const struct request *request, struct html *html, const char *path, bool with_rule)
{
	filter_open(html, path);
	filter_input(html, request, "date", "as_of", "as of");
	if (with_rule) {
		filter_input(html, request, "text", "rule", "rule");
	}
	filter_close(html);
}

static void data_links(const struct request *request, struct html *html, bool csv)
{
	HTML(html, "<p class=\"after-list\">");
	if (csv) {
		html_link(html, request_with(request, "as", "csv"), "CSV");
		HTML(html, " ");
	}
	html_link(html, request_with(request, "as", "json"), "JSON");
	HTML(html, "</p>\n");
}

static const char *form_wanted(const struct request *request)
{
	return page_wants(request, "json") ? "json" : page_wants(request, "csv") ? "csv" : "text";
}

static enum status show_due(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	const char *waiting = page_given(request, "waiting");
	const char *form = form_wanted(request);
	bool data = page_wants_data(request);

	if (!data) {
		filter_open(html, "/support/due");
		filter_input(html, request, "date", "as_of", "as of");
		filter_select_open(html, "waiting", "waits for");
		filter_option(html, "", ctx_word(ctx, "all"), waiting);
		filter_option(html, "us", ctx_word(ctx, "you"), waiting);
		filter_option(html, "partner", ctx_word(ctx, "partner"), waiting);
		filter_select_close(html);
		filter_close(html);
	}
	ctx->page = data ? NULL : html;
	enum status status = due_show(ctx, page_given(request, "as_of"), waiting, false, form, err);
	ctx->page = NULL;
	if (data) {
		buf_put_bytes(html->out, buf_bytes(ctx->out));
	} else {
		data_links(request, html, true);
	}
	return status;
}

static enum status show_account(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	bool json = page_wants(request, "json");

	if (!json) {
		as_of_filter(request, html, "/support/account", false);
	}
	ctx->json = json;
	ctx->page = json ? NULL : html;
	enum status status = account_show(ctx, page_given(request, "as_of"), err);
	ctx->page = NULL;
	if (json) {
		buf_put_bytes(html->out, buf_bytes(ctx->out));
	} else {
		HTML(html, "<p class=\"after-list\">");
		html_link(html, "/support/statement", ctx_word(ctx, "statement of account"));
		HTML(html, " ");
		html_link(html, "/support/net", ctx_word(ctx, "netting"));
		HTML(html, "</p>");
		data_links(request, html, false);
	}
	return status;
}

static enum status show_audit(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	const char *form = form_wanted(request);
	bool page = strcmp(form, "text") == 0;

	if (page) {
		as_of_filter(request, html, "/support/audit", true);
	}
	ctx->page = page ? html : NULL;
	enum status status = audit_show(ctx, page_given(request, "as_of"), page_given(request, "rule"), form, err);
	ctx->page = NULL;
	if (!page) {
		buf_put_bytes(html->out, buf_bytes(ctx->out));
	} else {
		data_links(request, html, true);
	}
	return status;
}

static enum status order_show(struct ctx *ctx, const char *number, struct err *err)
{
	enum status status = due_of_thread(ctx, number, err);

	if (status == OK) {
		status = thread_show(ctx, number, err);
	}
	return status == OK ? versions_show(ctx, number, err) : status;
}

/* At the head of the page of a thread: its terms, issues, claims, and what was remarked. */
static enum status show_order(struct ctx *ctx, const struct request *request, struct html *html, struct err *err)
{
	ctx->page = html;
	enum status status = order_show(ctx, request_rest(request), err);
	ctx->page = NULL;
	return status == OK ? locator_show(ctx, request_rest(request), html, err) : status;
}

const struct page support_pages[] = {
	{ "/support", "Support", "支援", PAGE_IN_MENU | PAGE_SLOW_DATA, show_board },
	{ "/quick", "Quick receipt", "簡易受領", PAGE_IN_MENU, show_quick },
	{ "/quick/orders", "Taken over, and not yet issued", "引渡記録前の受領", 0, show_quick_orders },
	{ "/quick/receipt", "Quick receipt", "簡易受領", 0, show_quick_receipt },
	{ "/quick/taken", "Record as taken", "受領を記録する", 0, show_quick_taken },
	{ "/support/due", "Due", "期限", PAGE_IN_MENU | PAGE_SLOW, show_due },
	{ "/support/account", "Account", "勘定", PAGE_IN_MENU | PAGE_SLOW, show_account },
	{ "/support/map", "Map", "地図", PAGE_SLOW, show_map },
	{ "/support/statement", "Statement of account", "残高明細書", PAGE_SLOW, show_statement_of },
	{ "/support/net", "Netting", "相殺", 0, show_net },
	{ "/support/net-anew", "Propose the residue", "残額で相殺を提案し直す", 0, show_net },
	{ "/support/agree", "Agree to the netting", "相殺に合意する", 0, show_agree },
	{ "/support/set-off", "Set off", "相殺する", 0, show_set_off },
	{ "/support/audit", "Audit", "監査", PAGE_IN_MENU | PAGE_SLOW, show_audit },
	{ "/front/support", "Orders", "発注", 0, show_front },
	{ "/carries/support", "Orders", "発注", 0, show_carried },
	{ "/new/support", "New order", "新規", 0, show_not_allowed },
	{ "/thread/support", "Order", "発注", 0, show_order },
	{ 0 },
};

const struct act support_acts[] = {
	{ "/support/net", true, "support.netting_proposed", act_net },
	{ "/support/net-anew", true, "support.netting_reproposed", act_net },
	{ "/support/agree", true, "support.netting_agreed", act_agree },
	{ "/support/set-off", false, "support.netted", act_set_off },
	{ "/quick/receipt", true, NULL, act_quick_receipt },
	{ "/quick/taken", true, NULL, act_quick_taken },
	{ 0 },
};
