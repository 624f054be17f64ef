/* A SQLite file system that fails on command. Registered as the default one; every file goes through it. */
#ifndef FAULT_VFS_H
#define FAULT_VFS_H

typedef enum fault_kind {
  FAULT_NONE = 0,
  FAULT_IO = 1,    /* the operation fails with an I/O error */
  FAULT_FULL = 2,  /* the disk is full: writes fail, everything else goes on */
  FAULT_POWER = 3  /* the power goes: the process ends, and only what was synced is on the disk */
} fault_kind;

/* Wraps the present default file system. */
int fault_vfs_install(void);

/* From now on, operation number `at` (from 1; writes, syncs and truncations count) fails, and with `stays` all after it. */
void fault_vfs_arm(fault_kind kind, long at, int stays);

/* Operations since it was armed, and how many of them failed. */
long fault_vfs_operations(void);
long fault_vfs_failures(void);

/* For FAULT_POWER: keep a copy (PATH.synced) of each file as it was when it was last synced. */
void fault_vfs_keep_synced(int on);

#endif
