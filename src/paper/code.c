/* The code that a telephone reads: QR, of the medium level. */
#include "paper/sheet.h"
#include <qrencode.h>
#include <string.h>

#define CODE_BYTES 200
#define QUIET 4 /* modules around it that stay white */

void code_draw(struct sheet *sheet, const char *content, double x, double y, double side)
{
	if (strlen(content) > CODE_BYTES) {
		sheet_fail(sheet, BAD_INPUT, "the code holds more than 200 bytes");
		return;
	}
	QRcode *code = QRcode_encodeString8bit(content, 0, QR_ECLEVEL_M);
	if (code == NULL) {
		sheet_fail(sheet, ENVIRONMENT, "the code cannot be made: out of memory");
		return;
	}
	double module = side / (code->width + 2 * QUIET);
	if (sheet->pages > 0) {
		cairo_set_source_rgb(sheet->cairo, 0, 0, 0);
		for (int i = 0; i < code->width * code->width; i++) {
			int column = i % code->width, line = i / code->width;
			if (code->data[i] & 1) {
				cairo_rectangle(sheet->cairo, x + (QUIET + column) * module,
				    y + (QUIET + line) * module, module, module);
			}
		}
		cairo_fill(sheet->cairo);
	}
	QRcode_free(code);
}
