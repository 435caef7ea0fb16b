/* A home that answers over HTTPS: one tally, its home key opened, a certificate, and the sessions that others have begun. What listens is the web
 * layer's. The home is opened for each request and let go after it. */
#ifndef WARIFU_APP_ANSWERING_H
#define WARIFU_APP_ANSWERING_H
#include "app/app.h"
#include "sync/answers.h"
#include "sync/certificate.h"

struct answering;
/* For the tally whose id begins so (NULL: the usual one). Asks for the passphrase of its home key as every command does. REFUSED when the grant of this home
 * names no certificate, or another one: its partners would not take it. */
enum status answering_new(struct app *app, const char *tally, struct answering **out, struct err *err);
void answering_free(struct answering *answering); /* NULL-safe; closes all sessions */
const struct certificate *answering_certificate(const struct answering *answering);
/* Hash of the key in the certificate, DER, that a caller showed. BAD_INPUT when it is none. */
enum status answering_client(struct bytes certificate, struct id *out, struct err *err);
/* answers_take(); whoever shares the home with it holds its lock meanwhile. */
enum status answering_take(struct answering *answering, const struct answer_request *request, struct buf *out,
    struct answer_outcome *outcome, struct err *err);
void answering_expire(struct answering *answering, int64_t now_ms);
#endif
