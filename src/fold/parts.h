/* Numbers (format 9) and the rows of parts that every face reads: which part is in which state, and who holds its pen. */
#ifndef WARIFU_FOLD_PARTS_H
#define WARIFU_FOLD_PARTS_H
#include "fold/folding.h"

extern const struct domain parts_domain; /* table `part`, kept as a domain's tables are */
void parts_rows(struct folding *folding, struct rows *rows);
/* Number of the thread into `number`, of its parts into part->number. stored: the one that the thread row has, "" when none. */
enum status numbers_give(struct folding *folding, const char *stored, char *number, size_t size, struct err *err);
void number_of_part(struct folding *folding, struct part *part, const char *thread_number);
/* State of the kernel's own thread (format 8). */
void kernel_state_print(const struct keyring *ring, struct buf *out);
#endif
