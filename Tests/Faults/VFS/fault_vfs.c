#include "fault_vfs.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static sqlite3_vfs *real;
static fault_kind kind;
static long target, operations, failures;
static int stays, keeps_synced;

typedef struct fault_file {
  sqlite3_file base;
  char path[512];
  sqlite3_file *inner; /* follows in memory */
} fault_file;

static sqlite3_file *inner_of(sqlite3_file *file) { return ((fault_file *)file)->inner; }

/* Counts an operation; the error that it is to fail with, or SQLITE_OK. */
static int next(int is_write, int error) {
  if (kind == FAULT_NONE) return SQLITE_OK;
  operations++;
  if (operations < target || (operations > target && !stays)) return SQLITE_OK;
  if (kind == FAULT_FULL && !is_write) return SQLITE_OK;
  failures++;
  if (kind == FAULT_POWER) _exit(9);
  return kind == FAULT_FULL ? SQLITE_FULL : error;
}

static void copy_synced(const char *path) {
  char name[600], buffer[65536];
  if (!*path) return;
  snprintf(name, sizeof name, "%s.synced", path);
  FILE *from = fopen(path, "rb"), *to = fopen(name, "wb");
  size_t got;
  while (from && to && (got = fread(buffer, 1, sizeof buffer, from)) > 0) fwrite(buffer, 1, got, to);
  if (from) fclose(from);
  if (to) fclose(to);
}

static int f_close(sqlite3_file *f) { return inner_of(f)->pMethods->xClose(inner_of(f)); }
static int f_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) {
  return inner_of(f)->pMethods->xRead(inner_of(f), to, n, at);
}
static int f_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at) {
  int error = next(1, SQLITE_IOERR_WRITE);
  return error ? error : inner_of(f)->pMethods->xWrite(inner_of(f), from, n, at);
}
static int f_truncate(sqlite3_file *f, sqlite3_int64 size) {
  int error = next(0, SQLITE_IOERR_TRUNCATE);
  return error ? error : inner_of(f)->pMethods->xTruncate(inner_of(f), size);
}
static int f_sync(sqlite3_file *f, int flags) {
  int error = next(0, SQLITE_IOERR_FSYNC);
  if (!error) error = inner_of(f)->pMethods->xSync(inner_of(f), flags);
  if (!error && keeps_synced) copy_synced(((fault_file *)f)->path);
  return error;
}
static int f_size(sqlite3_file *f, sqlite3_int64 *size) { return inner_of(f)->pMethods->xFileSize(inner_of(f), size); }
static int f_lock(sqlite3_file *f, int level) { return inner_of(f)->pMethods->xLock(inner_of(f), level); }
static int f_unlock(sqlite3_file *f, int level) { return inner_of(f)->pMethods->xUnlock(inner_of(f), level); }
static int f_reserved(sqlite3_file *f, int *out) { return inner_of(f)->pMethods->xCheckReservedLock(inner_of(f), out); }
static int f_control(sqlite3_file *f, int op, void *arg) { return inner_of(f)->pMethods->xFileControl(inner_of(f), op, arg); }
static int f_sector(sqlite3_file *f) { return inner_of(f)->pMethods->xSectorSize(inner_of(f)); }
static int f_device(sqlite3_file *f) { return inner_of(f)->pMethods->xDeviceCharacteristics(inner_of(f)); }
static int f_map(sqlite3_file *f, int region, int size, int extend, void volatile **out) {
  return inner_of(f)->pMethods->xShmMap(inner_of(f), region, size, extend, out);
}
static int f_shm_lock(sqlite3_file *f, int at, int n, int flags) {
  return inner_of(f)->pMethods->xShmLock(inner_of(f), at, n, flags);
}
static void f_barrier(sqlite3_file *f) { inner_of(f)->pMethods->xShmBarrier(inner_of(f)); }
static int f_unmap(sqlite3_file *f, int is_deleted) { return inner_of(f)->pMethods->xShmUnmap(inner_of(f), is_deleted); }

static const sqlite3_io_methods methods = {
    2, f_close, f_read, f_write, f_truncate, f_sync, f_size, f_lock, f_unlock, f_reserved, f_control, f_sector,
    f_device, f_map, f_shm_lock, f_barrier, f_unmap, NULL, NULL};

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
  (void)vfs;
  fault_file *f = (fault_file *)file;
  memset(f, 0, sizeof *f);
  f->inner = (sqlite3_file *)(f + 1);
  snprintf(f->path, sizeof f->path, "%s", name ? name : "");
  int code = real->xOpen(real, name, f->inner, flags, out_flags);
  if (code == SQLITE_OK) f->base.pMethods = &methods;
  return code;
}

static int v_delete(sqlite3_vfs *vfs, const char *name, int sync) {
  (void)vfs;
  int code = real->xDelete(real, name, sync);
  if (keeps_synced && code == SQLITE_OK) {
    char copy[600];
    snprintf(copy, sizeof copy, "%s.synced", name);
    unlink(copy);
  }
  return code;
}

int fault_vfs_install(void) {
  static sqlite3_vfs vfs;
  real = sqlite3_vfs_find(NULL);
  if (!real) return 1;
  vfs = *real;
  vfs.szOsFile = (int)sizeof(fault_file) + real->szOsFile;
  vfs.zName = "fault";
  vfs.xOpen = v_open;
  vfs.xDelete = v_delete;
  return sqlite3_vfs_register(&vfs, 1);
}

void fault_vfs_arm(fault_kind new_kind, long at, int all_after) {
  kind = new_kind;
  target = at;
  stays = all_after;
  operations = failures = 0;
}

long fault_vfs_operations(void) { return operations; }
long fault_vfs_failures(void) { return failures; }
void fault_vfs_keep_synced(int on) { keeps_synced = on; }
