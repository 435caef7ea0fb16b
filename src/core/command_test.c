#include "base/tap.h"
#include "core/command.h"

static const struct option options[] = { { "claim", OPTION_MANY, "NUMBER", "" },
	{ "currency", OPTION_TEXT, "CODE", "" }, { 0 } };
static const struct command commands[] = {
	{ "support", "look", NULL, 0, 0, "", NULL, NULL },
	{ "support", "net", NULL, 0, 0, "", options, NULL },
	{ 0 },
};

const struct domain *const domains[] = { NULL };

int main(void)
{
	static struct args args;
	const struct command *net = command_find(commands, "support", "net");

	tap_ok(net == &commands[1], "a command is found by noun and verb");
	tap_ok(args_give(&args, net, "claim", "C01") && args_give(&args, net, "currency", NULL) &&
		args_give(&args, net, "currency", "") && args_give(&args, net, "claim", "C02"),
	    "a page gives options as one who types");
	tap_is_text(args_option_at(&args, "claim", 1), "C02", "an option may be given often");
	tap_ok(args_option(&args, "currency") == NULL, "what is blank is not given");
	tap_ok(
	    args_give_operand(&args, NULL) && args_give_operand(&args, "GB-01-0001") && args_operand(&args, 1) == NULL,
	    "nor is a blank operand");
	tap_is_text(args_operand(&args, 0), "GB-01-0001", "an operand that is given stands at its place");
	while (args.given_count < ARGS_GIVEN) {
		args_give(&args, net, "claim", "C03");
	}
	tap_ok(!args_give(&args, net, "claim", "C04"), "more than fit are refused");
	return tap_done();
}
