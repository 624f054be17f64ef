#include "raw_sqlite.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct raw_store {
  sqlite3 *db;
  sqlite3_stmt *insert, *read;
};

static raw_store *open_file(const char *path) {
  raw_store *store = calloc(1, sizeof *store);
  const char *schema =
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
      "CREATE TABLE IF NOT EXISTS item (session TEXT NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,"
      " payload BLOB NOT NULL, PRIMARY KEY (session, seq)) STRICT, WITHOUT ROWID";
  if (store == NULL || sqlite3_open(path, &store->db) || sqlite3_exec(store->db, schema, NULL, NULL, NULL) ||
      sqlite3_prepare_v2(store->db, "INSERT INTO item VALUES (?, ?, ?, ?)", -1, &store->insert, NULL) ||
      sqlite3_prepare_v2(store->db, "SELECT payload FROM item WHERE session = ? AND seq = ?", -1, &store->read, NULL))
    abort();
  return store;
}

raw_store *raw_open(const char *path) {
  unlink(path);
  return open_file(path);
}

raw_store *raw_reopen(const char *path) { return open_file(path); }

void raw_close(raw_store *store) {
  sqlite3_finalize(store->insert);
  sqlite3_finalize(store->read);
  sqlite3_close(store->db);
  free(store);
}

int raw_insert(raw_store *store, const char *session, int64_t first, size_t count, const uint8_t *payload,
               const size_t *offset) {
  if (sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL)) return 1;
  sqlite3_bind_text(store->insert, 1, session, -1, SQLITE_STATIC);
  for (size_t i = 0; i < count; i++) {
    sqlite3_bind_int64(store->insert, 2, first + (int64_t)i);
    sqlite3_bind_int64(store->insert, 3, 0);
    sqlite3_bind_blob(store->insert, 4, payload + offset[i], (int)(offset[i + 1] - offset[i]), SQLITE_STATIC);
    if (sqlite3_step(store->insert) != SQLITE_DONE) return 1;
    sqlite3_reset(store->insert);
  }
  return sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
}

long raw_read(raw_store *store, const char *session, int64_t seq, uint8_t *out, size_t capacity) {
  sqlite3_bind_text(store->read, 1, session, -1, SQLITE_STATIC);
  sqlite3_bind_int64(store->read, 2, seq);
  long size = -1;
  if (sqlite3_step(store->read) == SQLITE_ROW) {
    size = sqlite3_column_bytes(store->read, 0);
    if ((size_t)size > capacity) size = (long)capacity;
    memcpy(out, sqlite3_column_blob(store->read, 0), (size_t)size);
  }
  sqlite3_reset(store->read);
  return size;
}
