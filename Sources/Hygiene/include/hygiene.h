/* What the linked library does otherwise than the parts it is made of. The linker's --wrap sends their calls here; nobody
 * calls these by name. Only in the self-contained library: bindings/c/install.sh. */
#ifndef AFFETTO_HYGIENE_H
#define AFFETTO_HYGIENE_H

#include <stddef.h>

/* Memory is zeroed before it is given back, so that neither a core dump nor the host's next allocation finds a learner's
 * words, voice or keys in it. */
void __wrap_free(void *memory);
void *__wrap_realloc(void *memory, size_t size);

/* The Swift runtime and Foundation can open sockets, ask for the host's name or copy files through the kernel; this library
 * never does. Each of these fails with ENOSYS, and the names are not among the library's imports. */
int __wrap_socketpair(int domain, int type, int protocol, int sockets[2]);
int __wrap_getsockopt(int socket, int level, int name, void *value, void *length);
int __wrap_gethostname(char *name, size_t size);
long __wrap_sendfile(int out, int in, void *offset, size_t count);

#endif
