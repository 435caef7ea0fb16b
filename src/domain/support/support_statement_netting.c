/* What is owed under nettings (docs/support-rules.md 6, the last rule): it lies across threads, so it is gathered while they are walked
 * through, and reckoned at the end. */
#include "base/cbor.h"
#include "domain/support/support_statement.h"
#include <stdlib.h>
#include <string.h>

/* A claim that was set off, and the agreement under which. */
struct set_off {
	struct id claim, agreed;
	int64_t delivered_ms;
};
/* One claim of an agreed list. */
struct listed_claim {
	struct id claim;
	unsigned owed_by;
	int64_t value_minor;
};
struct agreed_netting {
	const char *number, *state, *office;
	unsigned debtor, creditor, office_party;
	char currency[4];
	int64_t paid_minor, stated_ms;
	struct id *agreements; /* every netting_agreed of its line of moves */
	unsigned agreement_count;
	struct listed_claim *claims;
	unsigned claim_count;
};

static void *grown(struct statement_of *statement, void *items, unsigned count, size_t size)
{
	void *wider = arena_grow(statement->ctx->arena, items, count, count + 1, size);

	statement->out_of_memory |= wider == NULL;
	return wider;
}

void netting_set_off(struct statement_of *statement, const struct look_part *claim, int64_t delivered_ms)
{
	struct bytes ref = kind_is(claim->head, "support.netted") && claim->head->body.ref_count == 1
	    ? body_ref(&claim->head->body, 0)
	    : bytes_of(NULL, 0);
	struct set_off *all =
	    ref.len == ID_BYTES ? grown(statement, statement->set_offs, statement->set_off_count, sizeof *all) : NULL;

	if (all != NULL) {
		statement->set_offs = all;
		struct set_off *one = &all[statement->set_off_count++];
		*one = (struct set_off){ .claim = claim->part->id, .delivered_ms = delivered_ms };
		memcpy(one->agreed.data, ref.data, ID_BYTES);
	}
}

static void read_claims(
    struct statement_of *statement, const struct look *look, struct bytes array, struct agreed_netting *netting)
{
	struct cbor_item head = cbor_take(&array);
	struct list list = { array, head.type == CBOR_ARRAY ? head.count : 0 };
	struct list_item item;

	netting->claims = arena_take_array(statement->ctx->arena, list.left + 1, sizeof *netting->claims);
	statement->out_of_memory |= netting->claims == NULL;
	while (netting->claims != NULL && list_next(&list, &item)) {
		struct listed_claim *claim = &netting->claims[netting->claim_count++];
		struct bytes id = item_field(&item, 1), party;
		struct cbor_item bytes = cbor_take(&id);
		if (bytes.type == CBOR_BYTES && bytes.bytes.len == ID_BYTES) {
			memcpy(claim->claim.data, bytes.bytes.data, ID_BYTES);
		}
		if (item_text(&item, 2, &party)) {
			claim->owed_by = fold_party_find(look->fold->tally, party);
		}
		item_int(&item, 8, &claim->value_minor);
	}
}

void netting_agreed(struct statement_of *statement, const struct look *look, const struct look_part *part)
{
	const struct netting_state *state = part->head->after;
	struct agreed_netting *all =
	    state->agreed.set ? grown(statement, statement->nettings, statement->netting_count, sizeof *all) : NULL;

	if (all == NULL) {
		return;
	}
	statement->nettings = all;
	struct agreed_netting *netting = &all[statement->netting_count++];
	*netting = (struct agreed_netting){ .number = arena_text(statement->ctx->arena, bytes_text(part->part->number)),
		.state = part->state->name,
		.office = arena_text(statement->ctx->arena, part->part->opener->signer.officer),
		.office_party = part->part->opener->signer.party,
		.debtor = part->part->sides[RECEIVER],
		.creditor = part->part->sides[SUPPLIER],
		.paid_minor = state->paid_minor,
		.stated_ms = part->part->opener->body.stated_ms };
	memcpy(netting->currency, state->currency.data, state->currency.len == 3 ? 3 : 0);
	netting->agreements = arena_take_array(statement->ctx->arena, part->count + 1, sizeof *netting->agreements);
	statement->out_of_memory |= netting->agreements == NULL || netting->number == NULL || netting->office == NULL;
	for (unsigned i = 0; netting->agreements != NULL && i < part->count; i++) {
		if (kind_is(part->line[i], "support.netting_agreed")) {
			netting->agreements[netting->agreement_count++] = part->line[i]->id;
		}
	}
	read_claims(statement, look, state->agreed.claims, netting);
}

/* Is the claim set off under one of the agreements of the netting? */
static const struct set_off *is_set_off(
    const struct statement_of *statement, const struct agreed_netting *netting, const struct id *claim)
{
	for (unsigned i = 0; i < statement->set_off_count; i++) {
		const struct set_off *one = &statement->set_offs[i];
		for (unsigned k = 0; id_equal(&one->claim, claim) && k < netting->agreement_count; k++) {
			if (id_equal(&one->agreed, &netting->agreements[k])) {
				return one;
			}
		}
	}
	return NULL;
}

/* R's debt less S's, of what was set off, less what R has paid. */
static int64_t owed_under(struct statement_of *statement, const struct agreed_netting *netting, int64_t *delivered_ms)
{
	int64_t owed = -netting->paid_minor;

	*delivered_ms = -1;
	for (unsigned i = 0; i < netting->claim_count; i++) {
		const struct listed_claim *claim = &netting->claims[i];
		const struct set_off *off = is_set_off(statement, netting, &claim->claim);
		if (off == NULL) {
			continue;
		}
		statement->overflow |= !minor_add(
		    owed, claim->owed_by == netting->debtor ? claim->value_minor : -claim->value_minor, &owed);
		if (off->delivered_ms >= 0 && (*delivered_ms < 0 || off->delivered_ms < *delivered_ms)) {
			*delivered_ms = off->delivered_ms;
		}
	}
	return owed;
}

void nettings_reckon(struct statement_of *statement)
{
	for (unsigned i = 0; !statement->out_of_memory && i < statement->netting_count; i++) {
		const struct agreed_netting *netting = &statement->nettings[i];
		int64_t delivered, owed = owed_under(statement, netting, &delivered);
		struct statement_item *item = owed != 0 ? statement_item_new(statement) : NULL;
		if (item == NULL) {
			continue;
		}
		*item = (struct statement_item){ .number = netting->number,
			.kind = "netted",
			.state = netting->state,
			.office = netting->office,
			.office_party = netting->office_party,
			.debtor = owed > 0 ? netting->debtor : netting->creditor,
			.creditor = owed > 0 ? netting->creditor : netting->debtor,
			.minor = owed > 0 ? owed : -owed,
			.priced = true,
			.delivered_ms = delivered,
			.claimed_ms = netting->stated_ms };
		memcpy(item->currency, netting->currency, sizeof item->currency);
	}
}
