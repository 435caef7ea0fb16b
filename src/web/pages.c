/* Pages of the kernel: how the halves stand (page_sync.c), who may sign here. */
#include "core/page.h"
#include "web/web.h"

const struct page web_pages[] = {
	{ "/sync", "Sync", "同期", PAGE_IN_MENU, show_sync },
	{ "/desk", "Desks", "担当", PAGE_IN_MENU, NULL },
	{ 0 },
};

const struct act web_acts[] = {
	{ "/sync", false, NULL, sync_now },
	{ 0 },
};
