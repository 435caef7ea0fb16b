/* bigrams(text), for SQL: each two signs of a text that stand side by side, as a word of hex digits: a full-text table of them finds any
 * text of two signs or more, in whatever script, where one of words would not know where a word ends. */
#ifndef WARIFU_STORE_GRAMS_H
#define WARIFU_STORE_GRAMS_H
#include <sqlite3.h>

/* What is found by the words of a part of a text holds each of its pairs: the caller then looks whether it holds them in a row. Latin
 * letters are the same in either case. NULL of NULL; '' of a text of one sign. */
int grams_register(sqlite3 *sqlite);
#endif
