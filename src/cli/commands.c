/* The commands of the kernel, top to bottom as help shows them. A new command: a line here, its options, its RUN in cli.h. */
#include "cli/cli.h"
#include <string.h>

#define END \
	{ \
		0 \
	}

const struct option global_options[] = { { "home", OPTION_TEXT, "DIR",
					     "the home to work in (else $WARIFU_HOME, else ~/.warifu)" },
	{ "tally", OPTION_TEXT, "ID",
	    "first hex digits of the tally (else the one of `tally use`, else the only one)" },
	{ "desk", OPTION_TEXT, "NUMBER", "the desk that signs (else $WARIFU_DESK, else the only one here)" },
	{ "json", OPTION_FLAG, NULL, "print JSON, one object on a line" },
	{ "lang", OPTION_TEXT, "en|ja", "language of words and states (else as LANG says)" },
	{ "now", OPTION_TEXT, "TIME", "look as of this time; may not sign in a real tally" },
	{ "keys", OPTION_MANY, "DIR", "where else key files lie, such as a stick with the root key" },
	{ "passphrase-file", OPTION_FILE, "FILE",
	    "file with the passphrase of the keys (else $WARIFU_PASSPHRASE, else it is asked)" },
	{ "help", OPTION_FLAG, NULL, "help on a command" }, { "version", OPTION_FLAG, NULL, "version of the program" },
	END };

#define STRENGTH \
	{ \
		"strength", OPTION_TEXT, "standard|light", "of the key file; light is for rehearsals" \
	}
#define OUTPUT(help) \
	{ \
		"output", OPTION_FILE, "FILE", help \
	}
#define YES \
	{ \
		"yes", OPTION_FLAG, NULL, "do not ask: the fingerprints have been compared" \
	}
#define BY_DESK \
	{ \
		"by-desk", OPTION_FLAG, NULL, "sign as registrar, with the desk chosen, not with the root key" \
	}
#define HOME_LABEL \
	{ \
		"label", OPTION_TEXT, "TEXT", "what people call this home (else its party's \"first home\")" \
	}
#define NO_HOME_KEY \
	{ \
		"no-home-key", OPTION_FLAG, NULL, "do not grant this home a key at once" \
	}

static const struct option init_options[] = {
	{ "party", OPTION_TEXT, "CODE", "the party that the home belongs to, such as GB (required)" }, END
};
static const struct option party_new_options[] = {
	{ "root-dir", OPTION_TEXT, "DIR", "folder for the root key file (else the home); keep it locked away" },
	{ "recovery-dir", OPTION_TEXT, "DIR", "folder for the recovery key file (else the home); keep it elsewhere" },
	STRENGTH, END
};
static const struct option output_options[] = { OUTPUT("where to write it (else standard output)"), END };
static const struct option party_recover_options[] = { { "last-good", OPTION_INT, "SEQ",
							   "last entry of the old root's log that stands (required)" },
	{ "stand", OPTION_MANY, "ID", "a later grant of the old root that stands all the same" },
	{ "root-dir", OPTION_TEXT, "DIR", "folder for the new root key file" },
	{ "recovery-dir", OPTION_TEXT, "DIR", "folder for the new recovery key file" }, END };
static const struct option officer_options[] = { { "name", OPTION_TEXT, "TEXT",
						     "name of the person; it stays in this home (required)" },
	{ "name-ja", OPTION_TEXT, "TEXT", "the name in Japanese" }, END };
static const struct option desk_request_options[] = { { "officer", OPTION_TEXT, "CODE",
							  "pseudonymous id of the officer (required)" },
	{ "post", OPTION_TEXT, "TEXT", "rank or post, never a name (required)" },
	{ "roles", OPTION_TEXT, "ROLE,ROLE",
	    "what the desk may do (required): orderer approver funds issuer receiver claims payer dispute "
	    "netting waiver registrar reader drafter checker revenue duty" },
	{ "limit", OPTION_MANY, "CURRENCY=AMOUNT",
	    "most that it may sign for: GBP=5,000.00, or GBP=500000 in minor units" },
	STRENGTH, OUTPUT("where to write the request (else standard output)"), END };
static const struct option desk_grant_options[] = { { "number", OPTION_INT, "N",
							"number of the desk (else the next free one)" },
	{ "until", OPTION_TEXT, "DAY", "last day or time on which it may sign (else five years)" },
	{ "range", OPTION_TEXT, "FIRST-LAST", "desk numbers that a registrar may hand out" }, BY_DESK, YES, END };
static const struct option home_request_options[] = { { "label", OPTION_TEXT, "TEXT",
							  "what people call this home (required)" },
	STRENGTH, OUTPUT("where to write the request (else standard output)"), END };
static const struct option home_grant_options[] = {
	{ "until", OPTION_TEXT, "DAY", "last day or time on which it may sign (else five years)" }, BY_DESK, YES, END
};
static const struct option revoke_options[] = { { "reason", OPTION_TEXT, "TEXT", "why, in words (required)" },
	{ "last-good", OPTION_INT, "SEQ", "last entry of its log that stands (else all that is here now)" }, BY_DESK,
	END };
static const struct option adopt_options[] = { YES, END };
static const struct option propose_options[] = { { "agreement", OPTION_FILE, "FILE",
						     "the agreement as JSON (required)" },
	{ "with", OPTION_MANY, "FILE", "a partner's public file, made by its `warifu party export`" },
	{ "rehearsal", OPTION_FLAG, NULL, "nothing in it is owed" },
	{ "national", OPTION_FLAG, NULL, "of our party alone" }, HOME_LABEL, NO_HOME_KEY,
	OUTPUT("where to write the opening for the partner"), END };
static const struct option accept_options[] = { HOME_LABEL, NO_HOME_KEY, YES, END };
static const struct option amend_options[] = { { "from", OPTION_TEXT, "DAY",
						   "first day on which it counts (required)" },
	{ "agreement", OPTION_FILE, "FILE", "the later agreement as JSON" },
	{ "agree", OPTION_TEXT, "HASH", "agree to what the partner's root has entered: hash of its profile" }, END };
static const struct option sync_options_table[] = { { "stdio", OPTION_FLAG, NULL,
							"answer a partner on standard input and output" },
	{ "with", OPTION_TEXT, "PARTY",
	    "the party to sync with (else the only other one; our own for another home of ours)" },
	{ "rate", OPTION_INT, "BYTES", "most that is sent, and most that is fetched, in a second; of HTTPS" }, END };
static const struct option bundle_write_options[] = { { "for", OPTION_TEXT, "PARTY",
							  "the party that shall read it (required)" },
	OUTPUT("where to write it (else standard output)"),
	{ "text", OPTION_FLAG, NULL, "as lines of text, for e-mail or signal" },
	{ "plain", OPTION_FLAG, NULL, "not sealed: anyone who finds it can read it" },
	{ "everything", OPTION_FLAG, NULL, "from the beginning, not only what the partner lacks" },
	{ "no-attachments", OPTION_FLAG, NULL, "without attachments" }, END };
static const struct option export_options_table[] = { OUTPUT("where to write it (else standard output)"),
	{ "no-attachments", OPTION_FLAG, NULL, "without attachments" },
	{ "until", OPTION_TEXT, "DAY", "only what was stated before this day (UTC), as for the end of a fiscal year" },
	END };
static const struct option log_options[] = { { "count", OPTION_INT, "N", "how many entries (else 50; 0: all)" },
	{ "of", OPTION_TEXT, "WHOM",
	    "of one key: a desk's number or the first digits of a key; or all of root, recovery, desk or home" },
	END };
static const struct option submit_options[] = {
	{ "json", OPTION_FILE, "FILE|-",
	    "object of fields as `explain KIND --json` lists them, with \"target\", \"also\", \"attach\" and \"stated\" (required)" },
	{ "future", OPTION_FLAG, NULL, "a time of delivery, return or payment that lies ahead of now is meant" }, END
};
static const struct option serve_options[] = { { "port", OPTION_INT, "N", "port; 0: any free one (else 8457)" },
	{ "address", OPTION_TEXT, "ADDRESS", "address to listen on (else 127.0.0.1); another one needs TLS" },
	{ "host", OPTION_MANY, "NAME", "a name under which browsers ask for this server; at most 4" },
	{ "certificate", OPTION_FILE, "FILE", "TLS certificate, PEM" }, { "key", OPTION_FILE, "FILE", "TLS key, PEM" },
	{ "sync", OPTION_MANY, "[TALLY=]ADDRESS:PORT", "where partners' homes may call, by HTTPS; at most 4" },
	{ "every", OPTION_INT, "SECONDS", "how often partners' homes are called when nothing was written (else 300)" },
	{ "rate", OPTION_INT, "BYTES", "most that a sync sends, and most that it fetches, in a second" },
	{ "routes", OPTION_FLAG, NULL, "print what can be asked for, and what each needs; serve nothing" }, END };
static const struct option doctor_options[] = { { "quick", OPTION_FLAG, NULL, "without folding everything anew" },
	END };
static const struct option attachment_get_options[] = { OUTPUT("where to write it (required)"), END };
static const struct option paper_options[] = {
	{ "as-of", OPTION_TEXT, "DAY", "of an account or an audit: what is stated up to the end of this day, UTC" },
	{ "out", OPTION_FILE, "FILE", "where to write it (else PAPER-NUMBER.pdf in this folder)" },
	{ "force", OPTION_FLAG, NULL, "write over a file that is there" },
	END,
};
static const struct option erase_options[] = { { "law", OPTION_TEXT, "TEXT", "the law that asks for it (required)" },
	END };

#define HOME NEEDS_HOME
#define TALLY NEEDS_TALLY
#define WRITE NEEDS_WRITE

const struct verb kernel_verbs[] = {
	{ { "init", NULL, NULL, 0, 0, "make a home: one store on one machine, of one party", init_options, run_init },
	    NEEDS_NOTHING, "warifu init --party GB --home ~/.warifu", NULL, NULL },

	{ { "party", "new", "CODE", 0, 1, "make a root key and a recovery key for the next tally", party_new_options,
	      run_party_new },
	    HOME | WRITE, "warifu party new GB --root-dir /media/safe --recovery-dir /media/vault", NULL, NULL },
	{ { "party", "show", NULL, 0, 0, "show the party's keys, with fingerprints to compare by telephone", NULL,
	      run_party_show },
	    HOME, NULL, NULL, NULL },
	{ { "party", "export", NULL, 0, 0, "write the party's public keys for a partner", output_options,
	      run_party_export },
	    HOME, "warifu party export -o gb.party", NULL, NULL },
	{ { "party", "recover", NULL, 0, 0, "the root key is lost or stolen: the recovery key names a new one",
	      party_recover_options, run_party_recover },
	    TALLY | WRITE, "warifu party recover --last-good 12 --root-dir /media/safe", NULL, NULL },
	{ { "party", "confirm", "ID", 1, 1, "say that we recognise a partner's new root; ID is its root.replaced", NULL,
	      run_party_confirm },
	    TALLY | WRITE, NULL, NULL, NULL },

	{ { "officer", "list", NULL, 0, 0, "list the officers whose names this home knows", NULL, run_officer_list },
	    HOME, NULL, NULL, NULL },
	{ { "officer", "add", "CODE", 1, 1, "note an officer's name, in this home only", officer_options,
	      run_officer_add },
	    HOME | WRITE, "warifu officer add gb.loo.3 --name 'Smith, J.'", NULL, NULL },
	{ { "officer", "remove", "CODE", 1, 1, "forget an officer's name", NULL, run_officer_remove }, HOME | WRITE,
	    NULL, NULL, NULL },

	{ { "desk", "request", NULL, 0, 0, "make a desk's key here and ask for its grant", desk_request_options,
	      run_desk_request },
	    TALLY | WRITE,
	    "warifu desk request --officer gb.loo.3 --post 'Logistics officer' --roles orderer,receiver -o desk.txt",
	    NULL, NULL },
	{ { "desk", "grant", "FILE", 1, 1, "grant a desk that was asked for (root or registrar)", desk_grant_options,
	      run_desk_grant },
	    TALLY | WRITE, "warifu desk grant desk.txt --number 7 --until 2027-03-31", NULL, NULL },
	{ { "desk", "revoke", "DESK", 1, 1, "end a desk; what a partner has acted on stands", revoke_options,
	      run_desk_revoke },
	    TALLY | WRITE, "warifu desk revoke 7 --reason 'device lost'", NULL, NULL },
	{ { "desk", "list", NULL, 0, 0, "list desks with roles, limits and standing", NULL, run_desk_list }, TALLY,
	    NULL, NULL, NULL },

	{ { "home", "request", NULL, 0, 0, "make this home's key and ask for its grant", home_request_options,
	      run_home_request },
	    TALLY | WRITE, NULL, NULL, NULL },
	{ { "home", "grant", "FILE", 1, 1, "grant a home that was asked for (root or registrar)", home_grant_options,
	      run_home_grant },
	    TALLY | WRITE, NULL, NULL, NULL },
	{ { "home", "revoke", "KEY", 1, 1, "end a home", revoke_options, run_home_revoke }, TALLY | WRITE, NULL, NULL,
	    NULL },
	{ { "home", "list", NULL, 0, 0, "list homes and their standing", NULL, run_home_list }, TALLY, NULL, NULL,
	    NULL },
	{ { "home", "adopt", NULL, 0, 0, "go on from a restored or copied home: its keys are given up first",
	      adopt_options, run_home_adopt },
	    HOME, NULL, NULL, NULL },

	{ { "tally", "propose", NULL, 0, 0, "open a tally under an agreement", propose_options, run_tally_propose },
	    HOME | WRITE, "warifu tally propose --agreement a.json --with jp.party --rehearsal -o opening.tally", NULL,
	    NULL },
	{ { "tally", "opening", NULL, 0, 0, "write the opening of the tally again, for a partner or another home",
	      output_options, run_tally_opening },
	    TALLY | NEEDS_OWN_OUTPUT, NULL, NULL, NULL },
	{ { "tally", "accept", "FILE", 1, 1, "accept a partner's opening", accept_options, run_tally_accept },
	    HOME | WRITE, "warifu tally accept opening.tally", NULL, NULL },
	{ { "tally", "join", "FILE", 1, 1, "add a tally that our root has entered elsewhere", adopt_options,
	      run_tally_join },
	    HOME | WRITE, NULL, NULL, NULL },
	{ { "tally", "list", NULL, 0, 0, "list the tallies of this home", NULL, run_tally_list }, HOME, NULL, NULL,
	    NULL },
	{ { "tally", "show", NULL, 0, 0, "show a tally: parties, agreement, fingerprint", NULL, run_tally_show }, TALLY,
	    NULL, NULL, NULL },
	{ { "tally", "use", "ID", 1, 1, "choose the usual tally of this home", NULL, run_tally_use }, HOME | WRITE,
	    NULL, NULL, NULL },
	{ { "tally", "amend", NULL, 0, 0, "enter a later agreement, or agree to the partner's", amend_options,
	      run_tally_amend },
	    TALLY | WRITE, NULL, NULL, NULL },
	{ { "tally", "rules", "DOMAIN", 1, 1, "accept this program's newest rule set of a domain", NULL,
	      run_tally_rules },
	    TALLY | WRITE, NULL, NULL, NULL },

	{ { "sync", NULL, "COMMAND|https://HOST:PORT", 0, 1,
	      "exchange what each half lacks, by HTTPS or through a command; without either, with every address kept",
	      sync_options_table, run_sync },
	    HOME | WRITE | NEEDS_OWN_OUTPUT, "warifu sync 'ssh liaison.example warifu sync --stdio'", NULL, NULL },
	{ { "address", "set", "PARTY https://HOST:PORT", 2, 2,
	      "keep where the home of a party answers; it stays in this home", NULL, run_address_set },
	    TALLY | WRITE, "warifu address set JP https://wakkanai.example:8459", NULL, NULL },
	{ { "address", "list", NULL, 0, 0, "list the addresses that are kept", NULL, run_address_list }, HOME, NULL,
	    NULL, NULL },
	{ { "address", "remove", "PARTY", 1, 1, "forget the address of a party", NULL, run_address_remove },
	    TALLY | WRITE, NULL, NULL, NULL },
	{ { "bundle", "write", NULL, 0, 0, "write what the partner lacks into a file to be carried",
	      bundle_write_options, run_bundle_write },
	    TALLY | WRITE | NEEDS_OWN_OUTPUT, "warifu bundle write --for JP -o to-jp.bundle", NULL, NULL },
	{ { "bundle", "read", "FILE...", 1, ARGS_OPERANDS, "read bundles that were carried here", NULL,
	      run_bundle_read },
	    HOME | WRITE, NULL, NULL, NULL },
	{ { "export", NULL, NULL, 0, 0, "write the tally as one file that verifies alone", export_options_table,
	      run_export },
	    TALLY | NEEDS_OWN_OUTPUT, "warifu export -o year.warifu", NULL, NULL },
	{ { "verify", NULL, "FILE", 1, 1, "check an export: form, chains, signatures, hashes; needs no home", NULL,
	      run_verify },
	    NEEDS_NOTHING, NULL, NULL, NULL },

	{ { "log", NULL, NULL, 0, 0, "list entries, newest first", log_options, run_log }, TALLY, NULL, NULL, NULL },
	{ { "why", NULL, "NUMBER", 1, 1, "show each entry of a thread or part: who, when, verdict and rule", NULL,
	      run_why },
	    TALLY, "warifu why GB-07-0013", NULL, NULL },
	{ { "show", NULL, "FILE|ID", 1, 1, "decode an entry, export, opening, bundle, card or key file", NULL,
	      run_show },
	    NEEDS_NOTHING, NULL, NULL, NULL },
	{ { "explain", NULL, "KIND", 0, 1, "list the kinds of entries, or the fields and moves of one", NULL,
	      run_explain },
	    NEEDS_NOTHING, "warifu explain support.requested", NULL, NULL },
	{ { "submit", NULL, "KIND", 1, 1, "make any move from a JSON object of fields", submit_options, run_submit },
	    TALLY | WRITE, "warifu submit support.requested --json request.json", NULL, NULL },

	{ { "attachment", "list", NULL, 0, 0, "list attachments and whether their bytes are here", NULL,
	      run_attachment_list },
	    TALLY, NULL, NULL, NULL },
	{ { "attachment", "get", "HASH", 1, 1, "write an attachment to a file", attachment_get_options,
	      run_attachment_get },
	    TALLY, NULL, NULL, NULL },
	{ { "attachment", "erase", "HASH", 1, 1, "erase an attachment where the law asks; its hash stays",
	      erase_options, run_attachment_erase },
	    TALLY | WRITE, NULL, NULL, NULL },

	{ { "paper", "list", NULL, 0, 0, "list the papers that can be printed", NULL, run_paper_list }, NEEDS_NOTHING,
	    NULL, NULL, NULL },
	{ { "paper", "write", "PAPER [NUMBER]", 1, 2,
	      "write an order form, a statement or a notice as PDF, the same bytes each time", paper_options,
	      run_paper_write },
	    TALLY, "warifu paper write order-request GB-07-0001", NULL, NULL },

	{ { "digest", NULL, NULL, 0, 0, "print the digest of each tally: equal halves print equal digests", NULL,
	      run_digest },
	    HOME, NULL, NULL, NULL },
	{ { "rebuild", NULL, NULL, 0, 0, "fold all entries anew; the digest must not change", NULL, run_rebuild },
	    HOME | WRITE, NULL, NULL, NULL },
	{ { "doctor", NULL, NULL, 0, 0, "check the home: store, chains, digests, keys, clock, disk", doctor_options,
	      run_doctor },
	    HOME, NULL, NULL, NULL },

	{ { "serve", NULL, NULL, 0, 0, "serve the pages of this home to a browser", serve_options, run_serve },
	    NEEDS_OWN_OUTPUT, "warifu serve --port 8080", NULL, NULL },
	{ { "practise", NULL, "DIR", 0, 1,
	      "learn it: six guided tasks with a partner, on this machine; nothing is owed", NULL, run_practise },
	    NEEDS_NOTHING, "warifu practise", NULL, NULL },
	{ { "help", NULL, "COMMAND...", 0, 2, "help on a command", NULL, run_help }, NEEDS_NOTHING, NULL, NULL, NULL },
	{ { "completion", NULL, NULL, 0, 0, "print the completion for bash: . <(warifu completion)", NULL,
	      run_completion },
	    NEEDS_NOTHING, NULL, NULL, NULL },
	{ { "man", NULL, NULL, 0, 0, "print the man page: warifu man | man -l -", NULL, run_man }, NEEDS_NOTHING, NULL,
	    NULL, NULL },
	{ { "version", NULL, NULL, 0, 0, "print the version", NULL, run_version }, NEEDS_NOTHING, NULL, NULL, NULL },
	{ { 0 }, 0, NULL, NULL, NULL },
};

const char *noun_help(const char *noun)
{
	static const struct {
		const char *noun, *help;
	} nouns[] = {
		{ "party", "root and recovery keys of our party" },
		{ "officer", "names of officers, kept in this home" },
		{ "desk", "signing keys of officers: request, grant, revoke" },
		{ "home", "keys of homes: request, grant, revoke" },
		{ "tally", "shared records under an agreement: propose, accept, amend" },
		{ "address", "where homes of partners answer by HTTPS" },
		{ "bundle", "files that are carried by hand" },
		{ "attachment", "files that travel with entries" },
		{ "paper", "printed forms and statements as PDF, in both languages" },
	};
	for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++) {
		if (strcmp(nouns[i].noun, noun) == 0) {
			return nouns[i].help;
		}
	}
	return NULL;
}

enum status verbs_gather(struct arena *arena, struct verbs *out, struct err *err)
{
	unsigned count = 0;
	while (kernel_verbs[count].command.noun) {
		count++;
	}
	out->items = arena_take_array(arena, count, sizeof *out->items);
	if (!out->items) {
		return err_set(err, ENVIRONMENT, "commands: out of memory");
	}
	for (out->count = 0; out->count < count; out->count++) {
		out->items[out->count] = &kernel_verbs[out->count];
	}
	enum status status = OK;
	for (const struct domain *const *domain = domains; *domain && status == OK; domain++) {
		status = moves_gather(arena, *domain, out, err);
	}
	return status;
}
