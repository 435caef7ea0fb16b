/* Files that travel inside the program. One line for each: ASSET name, "path from the top of the tree"; what begins with assets/ is made
 * by the Makefile, below build/.
 * core/assets.h declares them; the Makefile reads the paths here and assembles anew when one of the files changes. */
	.macro ASSET name, path
	.section .rodata.asset_\name, "a", %progbits
	.balign 16
	.global asset_\name\()_start
	.global asset_\name\()_end
	.hidden asset_\name\()_start
	.hidden asset_\name\()_end
	.type asset_\name\()_start, %object
asset_\name\()_start:
	.incbin "\path"
asset_\name\()_end:
	.byte 0
	.size asset_\name\()_start, . - asset_\name\()_start
	.endm

ASSET words, "data/words.json"
ASSET rules, "data/rules.json"
ASSET schema, "src/store/schema.sql"
ASSET dictionary_1, "data/dictionary-1.bin"
ASSET support_sql, "src/domain/support/support.sql"
ASSET style, "src/web/assets/style.css"
ASSET statement_sql, "src/domain/statement/statement.sql"
ASSET national_sql, "src/domain/national/national.sql"
ASSET practise, "data/practise.json"
ASSET haiyan_orders, "data/haiyan-2013/orders.csv"
ASSET paper_order_request, "data/papers/order-request.json"
ASSET paper_order_receipt, "data/papers/order-receipt.json"
ASSET paper_order_claim, "data/papers/order-claim.json"
ASSET paper_account, "data/papers/account.json"
ASSET paper_audit, "data/papers/audit.json"
ASSET paper_notice, "data/papers/notice.json"
ASSET paper_handover, "data/papers/handover.json"
ASSET agreement, "data/agreement-gb-jp.json"
ASSET glossary, "docs/glossary.md"
ASSET script, "src/web/assets/script.js"
ASSET rehearsal_agreement, "data/agreement-gb-jp-rehearsal.json"
ASSET places, "data/places.json"
ASSET coastline, "assets/coastline.bin"

	.section .note.GNU-stack, "", %progbits
