/* A text as a QR code, drawn into the page: no picture to be fetched, the same bytes each time. */
#include "web/web.h"
#include <qrencode.h>

#define QUIET 4 /* modules of white around the code, as readers want them */

/* One path of runs: a row of n dark modules is "Mx yhnv1H-nz" in relative steps. */
static void put_runs(struct buf *out, const QRcode *code)
{
	for (int y = 0; y < code->width; y++) {
		const unsigned char *row = code->data + (size_t)y * (size_t)code->width;
		for (int x = 0; x < code->width; x++) {
			int run = 0;
			while (x + run < code->width && (row[x + run] & 1)) {
				run++;
			}
			if (run > 0) {
				buf_printf(out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
				x += run;
			}
		}
	}
}

void html_qr(struct html *html, const char *text, const char *label)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);

	if (code == NULL) {
		return; /* too long for any code: the text stands beside it in words and hex */
	}
	int size = code->width + 2 * QUIET;
	HTML(html, "<svg class=\"qr\" role=\"img\" shape-rendering=\"crispEdges\"");
	HTML_ATTRIBUTE(html, "aria-label", label);
	buf_printf(html->out,
	    " viewBox=\"0 0 %d %d\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"", size,
	    size, size, size);
	put_runs(html->out, code);
	HTML(html, "\"/></svg>");
	QRcode_free(code);
}
