#include "base/cbor.h"
#include "base/tap.h"
#include "core/domain.h"

static const struct kind toy_kinds[] = { { .name = "toy.opened" }, { .name = "toy.closed" }, { .name = NULL } };
static const struct state toy_states[] = {
	{ "game", "open", 1, NULL, NULL },
	{ "round", "open", 2, NULL, NULL },
	{ "game", "over", 0, NULL, NULL },
	{ .name = NULL },
};
static const struct domain toy = { .name = "toy", .kinds = toy_kinds, .states = toy_states };
static const struct domain bare = { .name = "bare" };
const struct domain *const domains[] = { &toy, &bare, NULL };

static void find_test(void)
{
	tap_ok(domain_find(bytes_text("toy.opened")) == &toy, "a domain is found by a kind");
	tap_ok(domain_find(bytes_text("toy")) == &toy && domain_find(bytes_text("bare")) == &bare, "and by its name");
	tap_ok(domain_find(bytes_text("to.opened")) == NULL && domain_find(bytes_text("toys.opened")) == NULL &&
		domain_find(bytes_of(NULL, 0)) == NULL,
	    "and not by a part of it");
	tap_ok(domain_kind(&toy, bytes_text("toy.closed")) == &toy_kinds[1], "a kind is found");
	tap_ok(domain_kind(&toy, bytes_text("toy.lost")) == NULL && domain_kind(&bare, bytes_text("bare.any")) == NULL,
	    "or not");
	tap_ok(domain_state(&toy, "round", "open") == &toy_states[1], "a state is found by part type and name");
	tap_ok(domain_state(&toy, "round", "over") == NULL && domain_state(&bare, "game", "open") == NULL, "or not");
}

static void signer_test(void)
{
	struct signer signer = { .roles = bytes_of("\x82\x65issue\x65order", 13) };

	tap_ok(signer_has_role(&signer, "issue") && signer_has_role(&signer, "order"),
	    "a signer has the roles of its grant");
	tap_ok(!signer_has_role(&signer, "registrar") && !signer_has_role(&signer, "iss"), "and no others");
	signer.roles = bytes_of(NULL, 0);
	tap_ok(!signer_has_role(&signer, "issue"), "without a grant it has none");
	tap_ok(signer_within_limit(&signer, "GBP", INT64_MAX), "without limits any amount is within");
	signer.limits = bytes_of("\xa1\x63GBP\x19\x03\xe8", 8); /* 1,000 */
	tap_ok(signer_within_limit(&signer, "GBP", 1000) && !signer_within_limit(&signer, "GBP", 1001),
	    "a limit is itself within");
	tap_ok(signer_within_limit(&signer, "GBP", -1000) && !signer_within_limit(&signer, "GBP", -1001) &&
		!signer_within_limit(&signer, "GBP", INT64_MIN),
	    "and bounds credits too");
	tap_ok(signer_within_limit(&signer, "JPY", 0) && !signer_within_limit(&signer, "JPY", 1) &&
		!signer_within_limit(&signer, "JPY", -1),
	    "a currency that is not listed has the limit 0");
}

static void party_test(void)
{
	struct tally_view tally = { .party_count = 2, .party_codes = { "GB", "JP" } };

	tap_is_int(fold_party_find(&tally, bytes_text("JP")), 1, "a party is found by its code");
	tap_is_int(fold_party_find(&tally, bytes_text("J")), 2, "an unknown one is the count");
}

int main(void)
{
	find_test();
	signer_test();
	party_test();
	return tap_done();
}
