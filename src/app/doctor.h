/* Is this home sound? Every check says what it looked at and what to do when it is not. */
#ifndef WARIFU_APP_DOCTOR_H
#define WARIFU_APP_DOCTOR_H
#include "app/app.h"

/* Rows {"check","result","detail"}; result "good", "warning" or "bad". quick: without signatures and folding anew. CHECK_FAILED when one
 * is bad; rows are complete all the same. */
enum status doctor_rows(struct app *app, bool quick, json_t **rows, struct err *err);
/* Folds every tally anew; rows {"tally","digest","same"}. CHECK_FAILED when a digest changed. keep: keep what was computed. */
enum status rebuild_rows(struct app *app, bool keep, json_t **rows, struct err *err);
#endif
