/* Files that travel inside the program: SQL, words, dictionaries. Named in assets.S; a new one needs a line there and
 * one here. Each is followed by a zero byte, which is not part of it, so that text can be used as a C string. */
#ifndef WARIFU_CORE_ASSETS_H
#define WARIFU_CORE_ASSETS_H
#include "base/bytes.h"

#define ASSET_DECLARE(name) extern const char asset_##name##_start[], asset_##name##_end[]
/* The file as bytes: ASSET(words). It lives as long as the program. */
#define ASSET(name) \
	bytes_of(asset_##name##_start, (size_t)((uintptr_t)asset_##name##_end - (uintptr_t)asset_##name##_start))

ASSET_DECLARE(words);               /* data/words.json: every word and state in Japanese */
ASSET_DECLARE(rules);               /* data/rules.json: what every rule says, in both languages */
ASSET_DECLARE(schema);              /* src/store/schema.sql: the tables of a home */
ASSET_DECLARE(dictionary_1);        /* data/dictionary-1.bin: what frames often hold (docs/sync.md 2) */
ASSET_DECLARE(style);               /* src/web/assets/style.css */
ASSET_DECLARE(practise);            /* data/practise.json: the lesson of `warifu practise` */
ASSET_DECLARE(haiyan_orders);       /* data/haiyan-2013/orders.csv */
ASSET_DECLARE(agreement);           /* data/agreement-gb-jp.json */
ASSET_DECLARE(glossary);            /* docs/glossary.md: our words, for the page of help */
ASSET_DECLARE(script);              /* src/web/assets/script.js */
ASSET_DECLARE(rehearsal_agreement); /* data/agreement-gb-jp-rehearsal.json */
ASSET_DECLARE(places);              /* data/places.json: where ports, airfields and cities lie */
ASSET_DECLARE(coastline);           /* made by tools/coastline.mjs, which says how it is packed */
#endif
