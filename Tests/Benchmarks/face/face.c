/*
 * Frames a second on one core through the C ABI, the recogniser's half seconds and a poll a second included, and how often memory
 * is asked for; from blendshapes, from 68 points, and from both.
 */
#define _GNU_SOURCE
#include <affetto.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void *__libc_malloc(size_t size);
static unsigned long allocations;

/* In the library's place, too: it takes memory from the C library that the process has. */
void *malloc(size_t size) {
  allocations++;
  return __libc_malloc(size);
}

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

enum { KINDS = 64, FRAMES = 300000, RATE = 30 };

static affetto_face_frame frames[KINDS];
static float points[KINDS][136];

/* A made-up face whose parts all move. */
static void make_frames(int with_shapes, int with_points) {
  for (int k = 0; k < KINDS; k++) {
    affetto_face_frame frame = AFFETTO_FACE_FRAME_INIT;
    for (int i = 0; with_shapes && i < AFFETTO_BLENDSHAPE_COUNT; i++)
      frame.blendshape[i] = (float)((k * 29 + i * 13) % 61) / 100;
    frame.yaw = frame.pitch = frame.roll = (float)(k % 8) / 100;
    if (with_points) {
      for (int i = 0; i < 136; i++) points[k][i] = (float)(i % 17 * 11 + i / 17 * (i & 1 ? 19 : 3) + k % 5);
      frame.points = points[k];
      frame.point_layout = AFFETTO_POINTS_IBUG68;
      frame.point_count = 68;
    }
    frames[k] = frame;
  }
}

static double run(unsigned long *asked) {
  affetto_face *face = NULL;
  affetto_face_signals signals = AFFETTO_FACE_SIGNALS_INIT;
  if (affetto_face_create(&face) != AFFETTO_OK) exit(1);
  double start = 0;
  affetto_time time = 0;
  for (int i = -2 * RATE; i < FRAMES; i++, time += 1000000 / RATE) { /* two seconds warm it up */
    if (i == 0) start = cpu_seconds(), allocations = 0;
    if (affetto_face_push(face, time, &frames[(i + 2 * RATE) % KINDS]) != AFFETTO_OK) exit(1);
    if (i % RATE == 0 && affetto_face_poll(face, &signals) != AFFETTO_OK) exit(1);
  }
  double taken = cpu_seconds() - start;
  *asked = allocations;
  affetto_face_destroy(face);
  return FRAMES / taken;
}

int main(void) {
  const char *const names[] = {"blendshapes", "points", "both"};
  double rates[3];
  unsigned long asked[3];
  for (int k = 0; k < 3; k++) {
    make_frames(k != 1, k != 0);
    rates[k] = run(&asked[k]);
    printf("  %-12s %9.0f frames a second, memory asked for %lu times in %d frames\n", names[k], rates[k], asked[k], FRAMES);
  }
  printf("{\"face.frames_per_second\": %.0f, \"face.frames_per_second_points\": %.0f, \"face.frames_per_second_both\": %.0f, "
         "\"face.allocations_per_frame\": %g}\n",
         rates[0], rates[1], rates[2], (double)(asked[0] + asked[1] + asked[2]) / (3.0 * FRAMES));
  return 0;
}
