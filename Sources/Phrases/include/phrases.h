#ifndef AFFETTO_PHRASES_H
#define AFFETTO_PHRASES_H
#include <stddef.h>

/* Our own sentences, for training and tests alone (the library does not hold them): "crisis-en-dev" and "student-zh-held"
 * and so on as tab-separated lines; NULL and 0 where there is no such set. What is in which: Sources/Phrases/README.md. */
const void *affetto_phrases(const char *name, size_t *out_size);

#endif
