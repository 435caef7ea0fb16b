/* Looking things up in the tables of a domain, and what a grant lets its signer do. */
#include "core/domain.h"
#include "base/cbor.h"
#include <string.h>

const struct kind *domain_kind(const struct domain *domain, struct bytes name)
{
	for (const struct kind *kind = domain->kinds; kind != NULL && kind->name != NULL; kind++) {
		if (bytes_is(name, kind->name)) {
			return kind;
		}
	}
	return NULL;
}

const struct state *domain_state(const struct domain *domain, const char *part_type, const char *name)
{
	for (const struct state *state = domain->states; state != NULL && state->name != NULL; state++) {
		if (strcmp(state->part_type, part_type) == 0 && strcmp(state->name, name) == 0) {
			return state;
		}
	}
	return NULL;
}

const struct domain *domain_find(struct bytes kind_or_name)
{
	const uint8_t *point = kind_or_name.len > 0 ? memchr(kind_or_name.data, '.', kind_or_name.len) : NULL;
	struct bytes name =
	    point != NULL ? bytes_of(kind_or_name.data, (size_t)(point - kind_or_name.data)) : kind_or_name;

	for (const struct domain *const *domain = domains; *domain != NULL; domain++) {
		if (bytes_is(name, (*domain)->name)) {
			return *domain;
		}
	}
	return NULL;
}

bool signer_has_role(const struct signer *signer, const char *role)
{
	struct bytes at = signer->roles;
	struct cbor_item roles = cbor_take(&at);

	for (size_t left = roles.type == CBOR_ARRAY ? roles.count : 0; left > 0; left--) {
		if (bytes_is(cbor_take(&at).bytes, role)) {
			return true;
		}
	}
	return false;
}

/* A limit bounds what a desk may move either way: a credit of a million is as much as a charge of a million. */
bool signer_within_limit(const struct signer *signer, const char *currency, int64_t amount_minor)
{
	int64_t limit = 0;

	if (signer->limits.len == 0) {
		return true;
	}
	(void)cbor_int(cbor_map_text(signer->limits, currency), &limit);
	return amount_minor <= limit && amount_minor >= -limit;
}

unsigned fold_party_find(const struct tally_view *tally, struct bytes code)
{
	unsigned party = 0;

	while (party < tally->party_count && !bytes_is(code, tally->party_codes[party])) {
		party++;
	}
	return party;
}
