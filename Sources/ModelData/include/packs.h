#ifndef AFFETTO_MODEL_DATA_H
#define AFFETTO_MODEL_DATA_H
#include <stddef.h>

/* The embedded model pack of `task` ("voice", "face", "text", "text_zh") or pattern pack ("crisis-en", "crisis-zh"), and
 * its size in bytes; NULL and 0 where the library was built without it. The bytes live as long as the process. */
__attribute__((visibility("hidden"))) const void *affetto_model_data(const char *task, size_t *out_size);

#endif
