/* What a host would write with SQLite alone: the same rows, plain. The peer of the store's benchmark. */
#ifndef RAW_SQLITE_H
#define RAW_SQLITE_H

#include <stddef.h>
#include <stdint.h>

typedef struct raw_store raw_store;

/* The file is made anew, with the journal and the durability of our store (WAL, synchronous = NORMAL). */
raw_store *raw_open(const char *path);
/* The file as it is. */
raw_store *raw_reopen(const char *path);
void raw_close(raw_store *store);

/* One transaction of `count` rows; row i has number first + i and the bytes payload[offset[i] .. offset[i + 1]].
 * Returns 0 on success. */
int raw_insert(raw_store *store, const char *session, int64_t first, size_t count, const uint8_t *payload,
               const size_t *offset);

/* One row by its key; its bytes to `out`. Returns their count, or -1. */
long raw_read(raw_store *store, const char *session, int64_t seq, uint8_t *out, size_t capacity);

#endif
