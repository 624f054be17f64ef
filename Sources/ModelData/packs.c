/* Model packs as bytes. A pack that is not there is left out, so that affetto-train builds before any is trained. */
#include "packs.h"

#include <string.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

#if __has_embed("packs/voice.pack") == __STDC_EMBED_FOUND__
_Alignas(64) static const unsigned char voice[] = {
#embed "packs/voice.pack"
};
#define VOICE_SIZE sizeof voice
#else
static const unsigned char voice[1];
#define VOICE_SIZE 0
#endif

#if __has_embed("packs/face.pack") == __STDC_EMBED_FOUND__
_Alignas(64) static const unsigned char face[] = {
#embed "packs/face.pack"
};
#define FACE_SIZE sizeof face
#else
static const unsigned char face[1];
#define FACE_SIZE 0
#endif

#if __has_embed("packs/text.pack") == __STDC_EMBED_FOUND__
_Alignas(64) static const unsigned char text[] = {
#embed "packs/text.pack"
};
#define TEXT_SIZE sizeof text
#else
static const unsigned char text[1];
#define TEXT_SIZE 0
#endif

#if __has_embed("packs/text_zh.pack") == __STDC_EMBED_FOUND__
_Alignas(64) static const unsigned char text_zh[] = {
#embed "packs/text_zh.pack"
};
#define TEXT_ZH_SIZE sizeof text_zh
#else
static const unsigned char text_zh[1];
#define TEXT_ZH_SIZE 0
#endif

/* Not trained, but written (patterns/): always there. */
static const unsigned char crisis_en[] = {
#embed "patterns/crisis-en.txt"
};
static const unsigned char crisis_zh[] = {
#embed "patterns/crisis-zh.txt"
};

static const unsigned char cues_en[] = {
#embed "patterns/cues-en.txt"
};
static const unsigned char cues_zh[] = {
#embed "patterns/cues-zh.txt"
};
static const unsigned char lyrics_en[] = {
#embed "patterns/lyrics-en.txt"
};
static const unsigned char lyrics_zh[] = {
#embed "patterns/lyrics-zh.txt"
};

static const struct {
  const char *task;
  const unsigned char *bytes;
  size_t size;
} packs[] = {
    {"voice", voice, VOICE_SIZE},
    {"face", face, FACE_SIZE},
    {"text", text, TEXT_SIZE},
    {"text_zh", text_zh, TEXT_ZH_SIZE},
    {"crisis-en", crisis_en, sizeof crisis_en},
    {"crisis-zh", crisis_zh, sizeof crisis_zh},
    {"cues-en", cues_en, sizeof cues_en},
    {"cues-zh", cues_zh, sizeof cues_zh},
    {"lyrics-en", lyrics_en, sizeof lyrics_en},
    {"lyrics-zh", lyrics_zh, sizeof lyrics_zh},
};

const void *affetto_model_data(const char *task, size_t *out_size) {
  for (size_t i = 0; i < sizeof packs / sizeof *packs; i++) {
    if (strcmp(packs[i].task, task) == 0 && packs[i].size > 0) {
      *out_size = packs[i].size;
      return packs[i].bytes;
    }
  }
  *out_size = 0;
  return NULL;
}
