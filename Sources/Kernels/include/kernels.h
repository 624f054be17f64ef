/* The few loops whose cost is the library's cost, in C: clang makes one version for any x86-64 and one for AVX2, and the
 * loader picks. Pointers need no alignment; nothing here allocates. `out` may be `x` where both are named so.
 * libaffetto.so exports affetto_* and so none of these. */
#ifndef AFFETTO_KERNELS_H
#define AFFETTO_KERNELS_H

#include <stddef.h>

/* Sum of a[i] * b[i]. */
float kernel_dot(const float *a, const float *b, size_t count);

/* out[i] = a[i] * b[i]. */
void kernel_multiply(const float *a, const float *b, float *out, size_t count);

/* out[r] = dot(matrix row r, x); rows are `columns` long. */
void kernel_matvec(const float *matrix, const float *x, float *out, size_t rows, size_t columns);

/* Squared magnitudes of `count` interleaved complex numbers. */
void kernel_power(const float *complex, float *out, size_t count);

/* `count` interleaved complex numbers, each times its conjugate. */
void kernel_conjugate(float *complex, size_t count);

/* out[i] = sqrt(x[i]). */
void kernel_sqrt(const float *x, float *out, size_t count);

/* out[i] = log2(x[i]) for positive normal numbers; smaller ones count as 2^-126. Error below 3e-7 absolute near 1. */
void kernel_log2(const float *x, float *out, size_t count);

/* out[i] = 2^x[i], x clamped to -126..126. Relative error below 3e-7. */
void kernel_exp2(const float *x, float *out, size_t count);

/* The largest of x[0], x[1] ...; 0 where there is none above 0. */
float kernel_max(const float *x, size_t count);

/* out[i] = x[i] within -limit..limit, 0 where it is not a number or infinite; returns how many were. */
size_t kernel_clip(const float *x, float limit, float *out, size_t count);

/* Three frames of 32 descriptors to one. The first `plain` are means; of the others the mean is over those that are not 0,
 * and 0 where the middle one is. */
void kernel_smooth(const float *before, const float *here, const float *after, float *out, size_t plain);

/* For each of 32 descriptors from `from` to `to`: adds it to sums[32 + i] and its square to sums[64 + i]; sums[i] counts
 * it where it is not 0, or always below `plain`. */
void kernel_moments(const float *x, double *sums, size_t from, size_t to, size_t plain);

/* Sum of (a[i] - b[i])^2. */
float kernel_square_distance(const float *a, const float *b, size_t count);

/* out[i] = the median of rows[0][i] .. rows[8][i]; numbers only. */
void kernel_median9(const float *const rows[9], float *out, size_t count);

/* c += a b, where a is m x k with element (i, p) at a[i * row + p * column], b is k x n and c is m x n, both row-major. */
void kernel_gemm(const float *a, size_t row, size_t column, const float *b, float *c, size_t m, size_t n, size_t k);

#endif
