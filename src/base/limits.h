/* Every ceiling of the program, each with its reason. Verdict ceilings (they make an entry void) are part of
 * docs/format.md and never change; home ceilings may be raised by the owner of a home. */
#ifndef WARIFU_BASE_LIMITS_H
#define WARIFU_BASE_LIMITS_H

/* form: looked at before anything is hashed (docs/format.md 2) */
#define LIMIT_BODY_BYTES 65536 /* a body; an agreement profile of 12 KiB fits five times */
#define LIMIT_CBOR_DEPTH 8     /* nesting; the deepest profile list needs 5 */
#define LIMIT_TEXT_BYTES 4096  /* one text field: a page of remarks */
#define LIMIT_LINES 256        /* lines of one order: a ship's stores list */

/* verdict (docs/format.md 8) */
#define LIMIT_REFERENCES 64      /* answers + refs of one entry */
#define LIMIT_PARTS_PER_DESK 512 /* parts one desk opens in a thread: a year of daily meals is 365 */
#define LIMIT_NOTES_PER_DESK 256 /* notes one desk writes in a thread */
#define LIMIT_CAUSAL_DEPTH 1024  /* moves in a row in one part */
#define LIMIT_ROOT_SEQ 4096      /* entries of one root log */
#define LIMIT_LIVE_DESKS 256     /* desks of one party that are granted and not revoked */
#define LIMIT_BRANCHES 8         /* branches of one forked log */
#define LIMIT_PARTIES 8          /* parties of one tally */

/* wire */
#define LIMIT_FRAME_BYTES 262144       /* one frame before compression */
#define LIMIT_FRAME_ENTRIES 4096       /* entries of one frame */
#define LIMIT_FRAME_NODES 8192         /* columns that one frame may describe: kinds of one frame times their fields */
#define LIMIT_STREAM_LOGS 65536        /* logs of one stream: 256 desks a party, renewed every few months for decades */
#define LIMIT_FRAME_WIRE_BYTES 1048576 /* one frame as sent: payload, a signature for each entry, ids that are new */
#define LIMIT_GREETING_BYTES 4096      /* a greeting */
#define LIMIT_VECTOR_BYTES 1048576     /* a vector: 20,000 logs */
#define LIMIT_FLIGHT_BYTES 262144      /* what a side has ready to go before it asks for it to be sent */
#define LIMIT_RIDE_ENTRIES 2048 /* entries that ride along with a vector: more are worth a round trip to be sure */
#define LIMIT_SESSION_BYTES (32u << 20) /* memory for the vectors of one session */
#define LIMIT_SESSION_ATTACHMENTS \
	(64ll << 20) /* bytes of attachments that one session brings unless the owner says otherwise */
#define LIMIT_PARTY_ENTRIES_DAY \
	500000 /* entries of one party in a day: five times the largest tally we know of, in one sync */
#define LIMIT_PARTY_BYTES_DAY (512ll << 20) /* and their bodies */
#define LIMIT_PEER_VECTORS 3 /* vectors remembered for each other home: the last agreed one, and those that may be */
#define LIMIT_SYNC_BODY_BYTES (512u << 10) /* of one request or answer over HTTPS: two seconds of a good link */
#define LIMIT_SYNC_SESSIONS 16             /* sessions over HTTPS that others have begun here */
#define LIMIT_SYNC_PARTY_SESSIONS 4        /* of one party: its homes, and one that it lost and began anew */
#define LIMIT_SYNC_IDLE_MS 180000 /* between two requests of a session: a link that is gone so long begins anew */
#define LIMIT_SYNC_LIFE_MS \
	(6ll * 3600 * 1000)                 /* of a session: 100,000 entries at 4 kbit/s begin anew where they were */
#define LIMIT_SYNC_ADDRESSES 32             /* partners' homes that this one calls */
#define LIMIT_URL_BYTES 256                 /* an address of a partner's home */
#define LIMIT_BUNDLE_BYTES (256ll << 20)    /* a bundle file: a full tally of 100,000 orders is under 100 MiB */
#define LIMIT_ATTACHMENT_BYTES (32ll << 20) /* one attachment: a scanned file of some pages */
#define LIMIT_LOADED_BYTES (8 * LIMIT_ATTACHMENT_BYTES) /* read for a session beyond four times what it has taken */
#define LIMIT_ATTACHMENTS 16                            /* attachments named by one entry */
#define LIMIT_CHUNK_BYTES 65536                         /* attachment chunk on the wire */

/* home: never void anything, they stop a party's logs with a reason */
#define LIMIT_WAITING_ENTRIES 4096 /* names of one log's entries, acknowledgements excepted, that are not here */
#define LIMIT_WAITING_NAMES \
	1048576 /* names of one party's entries that are not here: acknowledgements of a year come before what they name */
#define LIMIT_THREAD_ENTRIES \
	8192 /* entries of one party in one thread: 512 parts of a desk, and all that happens to them */
#define LIMIT_KERNEL_ENTRIES 8192 /* grants, revocations and the like of one party: a root's 4,096 twice */
#define LIMIT_PARTY_LOGS 1024     /* logs and branches of one party: desks and homes of some years */

/* paper */
#define LIMIT_PAPER_PAGES 1000           /* pages of one paper: an audit of five years with 20,000 findings */
#define LIMIT_PAPER_BYTES (64u << 20)    /* and its bytes: a page of text is some 8 KiB */
#define LIMIT_PAPER_TEXT_BYTES (1 << 20) /* text of one box: 256 remarks of the longest kind */

/* input */
#define LIMIT_OPEN_THREADS 1024      /* looked at for one hand-over, which holds 256 parts at most */
#define LIMIT_CSV_BYTES (16ll << 20) /* an import file */
#define LIMIT_CSV_ROWS 20000
#define LIMIT_JSON_BYTES (1 << 20)     /* a profile or a submitted move */
#define LIMIT_ARENA_BYTES (256u << 20) /* default ceiling of one arena */
#define LIMIT_QUANTITY_DIGITS 18       /* mantissa of a decimal: fits int64 */
#define LIMIT_QUANTITY_DECIMALS 6      /* decimals of a decimal */
#endif
