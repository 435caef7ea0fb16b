/* Nettings: fields, state after a move and `data` (docs/support-rules.md 5.7 and 5.4). Nothing of the claims' threads is read here. */
#include "base/cbor.h"
#include "domain/support/support_state.h"

static void read_netted(const struct list_item *item, struct given_netted *out)
{
	item_id(item, 0, &out->thread);
	item_id(item, 1, &out->claim);
	item_text(item, 2, &out->owed_by);
	item_text(item, 3, &out->currency);
	item_int(item, 4, &out->amount_minor);
	out->has_rate = item_decimal(item, 5, &out->rate);
	item_text(item, 6, &out->source);
	out->has_on = item_int(item, 7, &out->on);
	item_int(item, 8, &out->value_minor);
}

bool netting_read(struct judging *j)
{
	struct list list = { 0 };
	struct list_item item;

	record_list(&j->move->body, KEY_CLAIMS, &list);
	j->netted = arena_take_array(j->fold->arena, list.left + 1, sizeof *j->netted);
	while (j->netted != NULL && list_next(&list, &item)) {
		read_netted(&item, &j->netted[j->netted_count++]);
	}
	return j->netted != NULL;
}

/* ---- state after ------------------------------------------------------------------------------------------------- */

static const char *put_on_table(const struct judging *j, struct netting_state *netting)
{
	netting->table =
	    (struct netting_list){ .set = true, .id = j->move->id, .claims = body_field(&j->move->body, KEY_CLAIMS) };
	record_int(&j->move->body, KEY_TOTAL, &netting->table.total_minor);
	return "proposed";
}

static const char *open_netting(const struct judging *j, struct netting_state *netting)
{
	struct bytes profile = body_field(&j->move->body, KEY_PROFILE);

	record_text(&j->move->body, KEY_CURRENCY, &netting->currency);
	netting->profile_hash = cbor_take(&profile).bytes;
	return put_on_table(j, netting);
}

static const char *agree(const struct judging *j, struct netting_state *netting)
{
	netting->agreed = netting->table;
	netting->agreed.id = j->move->id;
	netting->table = (struct netting_list){ 0 };
	return netting->agreed.total_minor == 0 ? "settled" : "agreed";
}

/* Off the table: what was agreed before holds. */
static const char *leave(struct netting_state *netting, const char *otherwise)
{
	netting->table = (struct netting_list){ 0 };
	return netting->agreed.set ? "agreed" : otherwise;
}

static const char *remit(const struct judging *j, struct netting_state *netting)
{
	netting->has_remitted = true;
	record_int(&j->move->body, KEY_AMOUNT, &netting->remitted_minor);
	record_int(&j->move->body, KEY_VALUE_ON, &netting->value_on);
	record_text(&j->move->body, KEY_REMIT_REFERENCE, &netting->remitted_reference);
	return "remitted";
}

static const char *confirm(struct netting_state *netting)
{
	netting->paid_minor += netting->remitted_minor; /* never above the total (S231) */
	netting->has_remitted = false;
	return netting->paid_minor == netting->agreed.total_minor ? "settled" : "agreed";
}

const char *netting_apply(struct judging *j, void **after)
{
	struct netting_state *netting = arena_take(j->fold->arena, sizeof *netting);

	if (netting == NULL) {
		return NULL;
	}
	if (j->netting != NULL) {
		*netting = *j->netting;
	}
	*after = netting;
	switch (j->kind) {
	case KIND_NETTING_PROPOSED: return open_netting(j, netting);
	case KIND_NETTING_REPROPOSED: return put_on_table(j, netting);
	case KIND_NETTING_AGREED: return agree(j, netting);
	case KIND_NETTING_REFUSED: return leave(netting, "rejected");
	case KIND_NETTING_WITHDRAWN: return leave(netting, "withdrawn");
	case KIND_NETTING_REMITTED: return remit(j, netting);
	case KIND_NETTING_CONFIRMED: return confirm(netting);
	default: netting->has_remitted = false; return "agreed";
	}
}

/* ---- data -------------------------------------------------------------------------------------------------------- */

static void put_list(struct buf *out, const struct netting_list *list)
{
	if (!list->set) {
		cbor_put_null(out);
		return;
	}
	cbor_put_array(out, 3);
	cbor_put_bytes(out, id_bytes(&list->id));
	if (list->claims.len > 0) {
		buf_put_bytes(out, list->claims);
	} else {
		cbor_put_null(out);
	}
	cbor_put_int(out, list->total_minor);
}

void netting_data(const struct netting_state *netting, struct buf *out)
{
	cbor_put_array(out, 5);
	cbor_put_text(out, netting->currency);
	put_list(out, &netting->agreed);
	put_list(out, &netting->table);
	cbor_put_int(out, netting->paid_minor);
	if (!netting->has_remitted) {
		cbor_put_null(out);
		return;
	}
	cbor_put_array(out, 3);
	cbor_put_int(out, netting->remitted_minor);
	cbor_put_int(out, netting->value_on);
	cbor_put_text(out, netting->remitted_reference);
}
