/* What a form holds before anyone has typed: amounts that follow from what was signed, and the place agreed. The sum of a claim is reckoned by
 * what reads and judges claims, so that it is the one that S67 asks for; where its guards would refuse the lines, nothing is said. */
#include "base/cbor.h"
#include "base/currency.h"
#include "domain/support/support_state.h"
#include <string.h>

struct presetting {
	struct arena *arena;
	const struct kind *kind;
	struct preset *out;
	unsigned count;
};

static void add(struct presetting *p, const char *name, const char *value)
{
	if (p->count < PRESETS && value != NULL && value[0] && field_find(p->kind->fields, name) != NULL) {
		p->out[p->count++] = (struct preset){ name, value };
	}
}

static void add_amount(struct presetting *p, const char *name, struct bytes code, int64_t minor)
{
	const struct currency *currency = currency_find(code);
	char text[CURRENCY_TEXT];

	if (currency == NULL || minor <= 0) {
		return;
	}
	currency_print_amount(currency, minor, text);
	add(p, "currency", currency->code);
	add(p, name, arena_text(p->arena, bytes_text(text)));
}

/* ---- the sum of a claim -------------------------------------------------------------------------------------------- */

static const struct move *least_head(const struct part *part)
{
	const struct move *least = NULL;

	for (unsigned i = 0; i < part->head_count; i++) {
		const struct move *head = part->heads[i];
		least = least == NULL || id_compare(&head->id, &least->id) < 0 ? head : least;
	}
	return least;
}

/* All parts as they are now: the past of a move that would be made now. */
static bool see_heads(struct judging *judging)
{
	const struct fold *fold = judging->fold;
	struct past_head *heads = arena_take_array(fold->arena, fold->part_count + 1, sizeof *heads);

	for (unsigned i = 0; heads != NULL && i < fold->part_count; i++) {
		const struct move *head = least_head(fold->parts[i]);
		if (head != NULL && head->state != NULL) {
			heads[judging->head_count++] = (struct past_head){ fold->parts[i], head };
		}
	}
	judging->heads = heads;
	return heads != NULL;
}

/* The part at hand, and what a form ticks beside it. False: one of them has rival heads. */
static bool name_refs(struct judging *judging, struct move *move, const struct part *part, int64_t now_ms)
{
	const struct fold *fold = judging->fold;

	move->refs = arena_take_array(fold->arena, fold->part_count + 1, sizeof *move->refs);
	if (move->refs == NULL || part->parent != NULL) {
		return false;
	}
	move->refs[move->body.ref_count++] = part->heads[0];
	for (unsigned i = 0; i < fold->part_count; i++) {
		const struct part *other = fold->parts[i];
		if (other == part || support_relies(fold, move->kind, other, now_ms) != RELIES_USUALLY) {
			continue;
		}
		if (other->head_count != 1) {
			return false;
		}
		move->refs[move->body.ref_count++] = other->heads[0];
	}
	const void *after = part->heads[0]->after;
	judging->order = part->type->letter == 'O' ? after
	    : part->type->letter == 'I'            ? ((const struct issue_state *)after)->order
						   : NULL;
	return judging->order != NULL && move->body.ref_count > 1;
}

static struct bytes currency_claimed(const struct judging *judging)
{
	return judging->claim               ? judging->claim->currency
	    : judging->claim_line_count > 0 ? judging->claim_lines[0].found->terms->currency
	    : judging->adjustment_count > 0 ? judging->adjustments[0].state->line->terms->currency
					    : bytes_of(NULL, 0);
}

/* Would the lines be let pass, whoever signs them and whatever total he states? */
static bool lines_pass(struct judging *judging)
{
	static const char *const rules[] = { "S59", "S60", "S61", "S62", "S63", "S117", "S118", "S119" };
	static const struct guard *const lists[] = { claim_guards, adjust_guards };
	struct err err = { 0 };

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		const struct guard *guard = lists[rules[i][1] == '1'];
		while (guard->rule != NULL && strcmp(guard->rule, rules[i]) != 0) {
			guard++;
		}
		if (guard->rule == NULL ||
		    ((guard->kinds & KIND_BIT(judging->kind)) && guard->judge(judging, &err) != OK)) {
			return false;
		}
	}
	return !judging->out_of_memory;
}

static void preset_claim(struct presetting *p, struct fold *fold, struct part *part, int64_t now_ms)
{
	struct move move = { .kind = p->kind };
	struct judging judging = { .fold = fold, .move = &move, .kind = support_kind_of(p->kind) };
	struct claim_state after;
	struct buf fields;
	int64_t total = 0;

	if (!see_heads(&judging)) {
		return;
	}
	if (judging.kind == KIND_RECLAIMED) {
		move.part = part;
		judging.claim = part->heads[0]->after;
		judging.order = judging.claim->order;
	} else if (!name_refs(&judging, &move, part, now_ms)) {
		return;
	}
	if (!claim_read(&judging)) {
		return;
	}
	struct bytes currency = currency_claimed(&judging);
	buf_init(&fields, 64);
	cbor_put_int(&fields, KEY_CURRENCY);
	cbor_put_text(&fields, currency);
	move.body.fields = arena_copy(fold->arena, buf_bytes(&fields));
	move.body.field_count = move.body.fields.len > 0;
	buf_clear(&fields);
	if (currency.len > 0 && lines_pass(&judging) && claim_after(&judging, &after) && claim_total(&after, &total)) {
		add_amount(p, "total_minor", currency, total);
	}
}

/* ---- the others ---------------------------------------------------------------------------------------------------- */

static void preset_open(struct presetting *p, struct bytes currency, int64_t due, int64_t paid)
{
	int64_t open;

	if (!__builtin_sub_overflow(due, paid, &open)) {
		add_amount(p, "amount_minor", currency, open);
	}
}

static void preset_payment(struct presetting *p, const struct part *part)
{
	const struct claim_state *claim = part->heads[0]->after;

	if (claim->has_due) {
		preset_open(p, claim->currency, claim->due_minor, claim->paid_minor);
	}
}

static void preset_net_payment(struct presetting *p, const struct part *part)
{
	const struct netting_state *netting = part->heads[0]->after;

	if (netting->agreed.set) {
		preset_open(p, netting->currency, netting->agreed.total_minor, netting->paid_minor);
	}
}

/* Of an exchange: what was linked and waits to be certified. */
static void preset_certificate(struct presetting *p, const struct part *part)
{
	const struct issue_state *issue = part->heads[0]->after;

	if (issue->linked.count > 0) {
		add_amount(p, "total_minor", issue->linked_currency, issue->linked_total_minor);
	}
}

static void preset_place(struct presetting *p, const struct part *part)
{
	const struct order_state *order = part->heads[0]->after;
	struct bytes item = order->agreed ? order->agreed->items[KEY_PLACE - TERMS_FIRST] : bytes_of(NULL, 0), place;

	if (item.len > 0 && cbor_text(item, &place)) {
		add(p, "place", arena_text(p->arena, place));
	}
}

/* What part a kind is aimed at. */
static char letter_of(enum support_kind kind)
{
	switch (kind) {
	case KIND_ISSUED:
	case KIND_TAKEN: return 'O';
	case KIND_EXCHANGE_CERTIFIED: return 'I';
	case KIND_REMITTED:
	case KIND_RECLAIMED:
	case KIND_NETTED: return 'C';
	case KIND_NETTING_REMITTED: return 'N';
	default: return 0;
	}
}

unsigned support_presets(
    struct fold *fold, struct part *part, const struct kind *kind, int64_t now_ms, struct preset out[PRESETS])
{
	struct presetting p = { .arena = fold->arena, .kind = kind, .out = out };
	char letter = letter_of(support_kind_of(kind));

	if (part->head_count != 1 || part->heads[0]->after == NULL || (letter != 0 && part->type->letter != letter)) {
		return 0;
	}
	switch (support_kind_of(kind)) {
	case KIND_CLAIMED:
	case KIND_CLAIMED_UNACKNOWLEDGED:
	case KIND_REFUND_CLAIMED:
	case KIND_RECLAIMED: preset_claim(&p, fold, part, now_ms); break;
	case KIND_REMITTED:
	case KIND_NETTED: preset_payment(&p, part); break;
	case KIND_NETTING_REMITTED: preset_net_payment(&p, part); break;
	case KIND_EXCHANGE_CERTIFIED: preset_certificate(&p, part); break;
	case KIND_ISSUED:
	case KIND_TAKEN: preset_place(&p, part); break;
	default: break;
	}
	return p.count;
}
