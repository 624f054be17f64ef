#include "kernels.h"

#include <stdint.h>
#include <string.h>

/* Sanitizers cannot follow the loader's choice. */
#if defined(__x86_64__) && defined(__ELF__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define EVERY_CPU __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define EVERY_CPU
#endif

typedef float f8 __attribute__((vector_size(32)));

/* out[i] = F(x[i]), sixteen at a time through a local copy: `out` may be `x` itself. */
#define MAP(F)                                                     \
  size_t i = 0;                                                    \
  for (; i + 16 <= count; i += 16) {                               \
    float chunk[16];                                               \
    memcpy(chunk, x + i, sizeof chunk);                            \
    for (size_t j = 0; j < 16; j++) chunk[j] = F(chunk[j]);        \
    memcpy(out + i, chunk, sizeof chunk);                          \
  }                                                                \
  for (; i < count; i++) out[i] = F(x[i]);

#define LOAD(p) ({ f8 v_; memcpy(&v_, (p), sizeof v_); v_; })
#define SUM(v) ((((v)[0] + (v)[4]) + ((v)[1] + (v)[5])) + (((v)[2] + (v)[6]) + ((v)[3] + (v)[7])))

static inline __attribute__((always_inline)) float dot(const float *a, const float *b, size_t count) {
  f8 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    s0 += LOAD(a + i) * LOAD(b + i);
    s1 += LOAD(a + i + 8) * LOAD(b + i + 8);
    s2 += LOAD(a + i + 16) * LOAD(b + i + 16);
    s3 += LOAD(a + i + 24) * LOAD(b + i + 24);
  }
  for (; i + 8 <= count; i += 8) s0 += LOAD(a + i) * LOAD(b + i);
  f8 s = (s0 + s1) + (s2 + s3);
  float sum = SUM(s);
  for (; i < count; i++) sum += a[i] * b[i];
  return sum;
}

EVERY_CPU float kernel_dot(const float *a, const float *b, size_t count) { return dot(a, b, count); }

EVERY_CPU void kernel_matvec(const float *matrix, const float *x, float *out, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) out[r] = dot(matrix + r * columns, x, columns);
}

EVERY_CPU void kernel_multiply(const float *restrict a, const float *restrict b, float *restrict out,
                                       size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = a[i] * b[i];
}

EVERY_CPU void kernel_power(const float *restrict complex, float *restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = complex[2 * i] * complex[2 * i] + complex[2 * i + 1] * complex[2 * i + 1];
}

EVERY_CPU void kernel_conjugate(float *complex, size_t count) {
  for (size_t i = 0; i < count; i++) {
    complex[2 * i] = complex[2 * i] * complex[2 * i] + complex[2 * i + 1] * complex[2 * i + 1];
    complex[2 * i + 1] = 0;
  }
}

EVERY_CPU void kernel_sqrt(const float *x, float *out, size_t count) { MAP(__builtin_elementwise_sqrt) }

EVERY_CPU float kernel_square_distance(const float *a, const float *b, size_t count) {
  f8 s0 = {0}, s1 = {0};
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    f8 d0 = LOAD(a + i) - LOAD(b + i), d1 = LOAD(a + i + 8) - LOAD(b + i + 8);
    s0 += d0 * d0;
    s1 += d1 * d1;
  }
  f8 s = s0 + s1;
  float sum = SUM(s);
  for (; i < count; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

EVERY_CPU float kernel_max(const float *x, size_t count) {
  float top[16] = {0};
  size_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (size_t j = 0; j < 16; j++) top[j] = x[i + j] > top[j] ? x[i + j] : top[j];
  float best = 0;
  for (; i < count; i++) best = x[i] > best ? x[i] : best;
  for (size_t j = 0; j < 16; j++) best = top[j] > best ? top[j] : best;
  return best;
}

EVERY_CPU size_t kernel_clip(const float *x, float limit, float *out, size_t count) {
  uint32_t bad[16] = {0};
  float chunk[16];
  for (size_t i = 0; i < count; i += 16) {
    size_t size = count - i < 16 ? count - i : 16;
    if (size < 16) memset(chunk, 0, sizeof chunk);
    memcpy(chunk, x + i, size * sizeof(float));
    for (size_t j = 0; j < 16; j++) {
      float v = chunk[j];
      uint32_t wrong = !(__builtin_fabsf(v) <= 3.402823466e38f);
      v = v < limit ? v : limit;
      v = v > -limit ? v : -limit;
      chunk[j] = wrong ? 0 : v;
      bad[j] += wrong;
    }
    memcpy(out + i, chunk, size * sizeof(float));
  }
  size_t all = 0;
  for (size_t j = 0; j < 16; j++) all += bad[j];
  return all;
}

EVERY_CPU void kernel_smooth(const float *before, const float *here, const float *after, float *restrict out,
                                     size_t plain) {
  for (size_t i = 0; i < 32; i++) {
    float sum = before[i] + here[i] + after[i];
    float set = (before[i] != 0 ? 1.0f : 0) + (here[i] != 0 ? 1.0f : 0) + (after[i] != 0 ? 1.0f : 0);
    float n = i < plain ? 3.0f : set > 0 ? set : 1.0f;
    out[i] = i < plain || here[i] != 0 ? sum / n : 0;
  }
}

EVERY_CPU void kernel_moments(const float *restrict x, double *restrict sums, size_t from, size_t to,
                                      size_t plain) {
  for (size_t i = from; i < to; i++) {
    double v = x[i];
    sums[i] += i < plain || x[i] != 0 ? 1.0 : 0.0;
    sums[32 + i] += v;
    sums[64 + i] += v * v;
  }
}

/* log2 m = 2/ln 2 * artanh((m - 1) / (m + 1)) with m in [sqrt 1/2, sqrt 2]: five terms of the series. */
static inline __attribute__((always_inline)) float log2_of(float x) {
  x = x > 1.17549435e-38f ? x : 1.17549435e-38f;
  int32_t bits;
  memcpy(&bits, &x, sizeof bits);
  int32_t exponent = (bits - 0x3f3504f3) >> 23;
  bits -= exponent << 23;
  float m;
  memcpy(&m, &bits, sizeof m);
  float t = (m - 1.0f) / (m + 1.0f), q = t * t;
  return (float)exponent +
         t * ((((0.32059890f * q + 0.41219859f) * q + 0.57707802f) * q + 0.96179669f) * q + 2.88539008f);
}

EVERY_CPU void kernel_log2(const float *x, float *out, size_t count) { MAP(log2_of) }

/* 2^x = 2^n 2^f with f in [-1/2, 1/2]: Taylor's series of 2^f to the seventh power. */
static inline __attribute__((always_inline)) float exp2_of(float x) {
  x = x > -126.0f ? x : -126.0f;
  x = x < 126.0f ? x : 126.0f;
  float shifted = x + 12582912.0f; /* 1.5 * 2^23: rounds to an integer */
  int32_t n;
  memcpy(&n, &shifted, sizeof n);
  float f = x - (shifted - 12582912.0f);
  float p = ((((((1.5252734e-5f * f + 1.5403530e-4f) * f + 1.3333558e-3f) * f + 9.6181291e-3f) * f + 5.5504109e-2f) *
              f + 2.4022651e-1f) * f + 6.9314718e-1f) * f + 1.0f;
  int32_t scale = (n - 0x4b400000 + 127) << 23;
  float s;
  memcpy(&s, &scale, sizeof s);
  return p * s;
}

EVERY_CPU void kernel_exp2(const float *x, float *out, size_t count) { MAP(exp2_of) }

/* A tile of c, R rows by 16 columns, held in registers while k runs. `b` has rows of `stride`. */
#define TILE(R)                                                                                        \
  static inline __attribute__((always_inline)) void tile##R(const float *a, size_t row, size_t column, \
                                                            const float *b, size_t stride, float *c,   \
                                                            size_t n, size_t width, size_t k) {        \
    f8 s[R][2];                                                                                        \
    for (size_t r = 0; r < R; r++) s[r][0] = s[r][1] = (f8){0};                                        \
    for (size_t p = 0; p < k; p++) {                                                                   \
      f8 b0 = LOAD(b + p * stride), b1 = LOAD(b + p * stride + 8);                                     \
      for (size_t r = 0; r < R; r++) {                                                                 \
        float v = a[r * row + p * column];                                                             \
        s[r][0] += b0 * v;                                                                             \
        s[r][1] += b1 * v;                                                                             \
      }                                                                                                \
    }                                                                                                  \
    for (size_t r = 0; r < R; r++) {                                                                   \
      float sums[16];                                                                                  \
      memcpy(sums, s[r], sizeof sums);                                                                 \
      for (size_t j = 0; j < width; j++) c[r * n + j] += sums[j];                                      \
    }                                                                                                  \
  }
TILE(4)
TILE(1)

EVERY_CPU void kernel_gemm(const float *a, size_t row, size_t column, const float *b, float *c, size_t m, size_t n,
                           size_t k) {
  enum { DEPTH = 256 };
  float panel[DEPTH * 16]; /* the 16 columns at hand, side by side: padded with 0 at the edge */
  for (size_t from = 0; from < k; from += DEPTH) {
    size_t depth = k - from < DEPTH ? k - from : DEPTH;
    for (size_t j = 0; j < n; j += 16) {
      size_t width = n - j < 16 ? n - j : 16;
      for (size_t p = 0; p < depth; p++) {
        if (width < 16) memset(panel + p * 16, 0, 16 * sizeof(float));
        memcpy(panel + p * 16, b + (from + p) * n + j, width * sizeof(float));
      }
      size_t i = 0;
      for (; i + 4 <= m; i += 4)
        tile4(a + i * row + from * column, row, column, panel, 16, c + i * n + j, n, width, depth);
      for (; i < m; i++) tile1(a + i * row + from * column, row, column, panel, 16, c + i * n + j, n, width, depth);
    }
  }
}

/* Exchanges that leave the median of nine in the middle (Devillard 1998, after Paeth 1990). */
#define EXCHANGE(a, b)                              \
  do {                                              \
    float low_ = p[a] < p[b] ? p[a] : p[b];         \
    float high_ = p[a] < p[b] ? p[b] : p[a];        \
    p[a] = low_, p[b] = high_;                      \
  } while (0)

EVERY_CPU void kernel_median9(const float *const rows[9], float *restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float p[9];
    for (int k = 0; k < 9; k++) p[k] = rows[k][i];
    EXCHANGE(1, 2); EXCHANGE(4, 5); EXCHANGE(7, 8); EXCHANGE(0, 1); EXCHANGE(3, 4); EXCHANGE(6, 7);
    EXCHANGE(1, 2); EXCHANGE(4, 5); EXCHANGE(7, 8); EXCHANGE(0, 3); EXCHANGE(5, 8); EXCHANGE(4, 7);
    EXCHANGE(3, 6); EXCHANGE(1, 4); EXCHANGE(2, 5); EXCHANGE(4, 7); EXCHANGE(4, 2); EXCHANGE(6, 4);
    EXCHANGE(4, 2);
    out[i] = p[4];
  }
}
