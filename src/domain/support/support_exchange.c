/* Exchange of services, conversion and waiver of an issue (docs/support-rules.md 5.2), and which of two concurrent moves stands (3.1). */
#include "base/cbor.h"
#include "domain/support/support_state.h"
#include <string.h>

bool item_id(const struct list_item *item, uint8_t key, struct id *out)
{
	struct bytes field = item_field(item, key);
	struct cbor_item found = field.len > 0 ? cbor_take(&field) : (struct cbor_item){ 0 };

	if (found.type != CBOR_BYTES || found.bytes.len != ID_BYTES) {
		return false;
	}
	memcpy(out->data, found.bytes.data, ID_BYTES);
	return true;
}

static void read_item(const struct judging *j, const struct list_item *item, struct exchange_item *out)
{
	item_int(item, 0, &out->line);
	item_id(item, 1, &out->thread);
	item_id(item, 2, &out->issue);
	item_int(item, 3, &out->their_line);
	item_text(item, 4, &out->currency);
	item_int(item, 5, &out->value_minor);
	item_int(item, 6, &out->applied_minor);
	out->found = issue_line_find(j->issue, out->line);
}

bool exchange_read(struct judging *j)
{
	struct list list = { 0 };
	struct list_item item;

	record_list(&j->move->body, KEY_ITEMS, &list);
	j->exchange_items = arena_take_array(j->fold->arena, list.left + 1, sizeof *j->exchange_items);
	while (j->exchange_items != NULL && list_next(&list, &item)) {
		read_item(j, &item, &j->exchange_items[j->exchange_item_count++]);
	}
	return j->exchange_items != NULL;
}

/* ---- state after ------------------------------------------------------------------------------------------------- */

static void clear_linked(struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		issue->lines[i].linked_minor = 0;
	}
	issue->linked = (struct exchange){ 0 };
	issue->linked_currency = bytes_of(NULL, 0);
	issue->linked_total_minor = 0;
}

/* Sums do not exceed what is left (S208), so they fit. */
static const char *apply_linked(const struct judging *j, struct issue_state *issue)
{
	clear_linked(issue);
	for (unsigned i = 0; i < j->exchange_item_count; i++) {
		for (unsigned k = 0; k < issue->line_count; k++) {
			if (issue->lines[k].terms->line == j->exchange_items[i].line) {
				issue->lines[k].linked_minor += j->exchange_items[i].applied_minor;
			}
		}
	}
	issue->linked = (struct exchange){ .items = j->exchange_items, .count = j->exchange_item_count };
	record_text(&j->move->body, KEY_CURRENCY, &issue->linked_currency);
	record_int(&j->move->body, KEY_TOTAL, &issue->linked_total_minor);
	return "exchanging";
}

static const char *apply_certified(const struct judging *j, struct issue_state *issue)
{
	struct exchange *exchanged = arena_take(j->fold->arena, sizeof *exchanged);
	bool left_over = false;

	if (exchanged == NULL) {
		return NULL;
	}
	*exchanged = (struct exchange){ j->move->id, issue->linked.items, issue->linked.count, issue->exchanged };
	issue->exchanged = exchanged;
	for (unsigned i = 0; i < issue->line_count; i++) {
		struct issue_line *line = &issue->lines[i];
		int64_t left = 0;
		line->exchanged_minor += line->linked_minor;
		left_over |= !exchange_left(line, &left) || left > 0;
	}
	clear_linked(issue);
	return left_over ? "exchange due" : "settled";
}

static const char *apply_converted(struct issue_state *issue)
{
	for (unsigned i = 0; i < issue->line_count; i++) {
		issue->lines[i].returning = (struct decimal){ 0, 0 };
	}
	clear_linked(issue);
	return "receipted";
}

const char *exchange_apply(struct judging *j, struct issue_state *issue)
{
	switch (j->kind) {
	case KIND_EXCHANGE_LINKED: return apply_linked(j, issue);
	case KIND_EXCHANGE_CERTIFIED: return apply_certified(j, issue);
	case KIND_CERTIFY_REFUSED: clear_linked(issue); return "exchange due";
	case KIND_CONVERTED: return apply_converted(issue);
	default: return "waived";
	}
}

/* ---- which of two stands ----------------------------------------------------------------------------------------- */

/* The profile that the thread's `requested` names. */
static struct bytes profile_of(const struct fold *fold, const struct issue_state *issue)
{
	return issue->order->profile_hash.len > 0 ? fold_profile(fold, issue->order->profile_hash) : bytes_of(NULL, 0);
}

static bool return_outlasts(const struct fold *fold, const struct move *converted, const struct move *returned)
{
	const struct issue_state *here = converted->answers[0]->after;
	struct profile profile;
	int64_t due;

	profile_read(&profile, profile_of(fold, here));
	return conversion_due(&profile, here, &due) && returned->body.stated_ms < due &&
	    !fold_past_holds(fold, returned, converted) && !fold_log_states(fold, returned, due) &&
	    !fold_taken_up(fold, converted);
}

enum standing support_standing(const struct fold *fold, const struct move *standing, const struct move *other)
{
	enum support_kind kind = support_kind_of(standing->kind), against = support_kind_of(other->kind);

	if (kind == KIND_CONVERTED && against == KIND_RETURN_ISSUED) {
		return return_outlasts(fold, standing, other) ? YIELDS : STANDS;
	}
	if (kind == KIND_WAIVED && against == KIND_REMITTED) {
		return YIELDS;
	}
	return PEN_MOVE;
}
