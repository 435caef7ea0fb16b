/* Warifu: two halves of one tally. */
#include "cli/cli.h"
#include "web/serve.h"

int main(int argc, char **argv)
{
	cli_serve = web_serve;
	return cli_main(argc, argv);
}
