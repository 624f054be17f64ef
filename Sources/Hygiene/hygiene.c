#define _DEFAULT_SOURCE
#include "hygiene.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void __real_free(void *memory);
void *__real_realloc(void *memory, size_t size);

void __wrap_free(void *memory) {
  if (memory == NULL) return;
  explicit_bzero(memory, malloc_usable_size(memory));
  __real_free(memory);
}

void *__wrap_realloc(void *memory, size_t size) {
  if (memory == NULL || size == 0) {
    __wrap_free(memory);
    return __real_realloc(NULL, size);
  }
  size_t held = malloc_usable_size(memory);
  if (size <= held) {
    explicit_bzero((char *)memory + size, held - size);
    return __real_realloc(memory, size);
  }
  void *larger = malloc(size);
  if (larger == NULL) return NULL;
  memcpy(larger, memory, held);
  __wrap_free(memory);
  return larger;
}

static long refuse(void) {
  errno = ENOSYS;
  return -1;
}

int __wrap_socketpair(int domain, int type, int protocol, int sockets[2]) {
  (void)domain, (void)type, (void)protocol, (void)sockets;
  return (int)refuse();
}

int __wrap_getsockopt(int socket, int level, int name, void *value, void *length) {
  (void)socket, (void)level, (void)name, (void)value, (void)length;
  return (int)refuse();
}

int __wrap_gethostname(char *name, size_t size) {
  (void)name, (void)size;
  return (int)refuse();
}

long __wrap_sendfile(int out, int in, void *offset, size_t count) {
  (void)out, (void)in, (void)offset, (void)count;
  return refuse();
}
