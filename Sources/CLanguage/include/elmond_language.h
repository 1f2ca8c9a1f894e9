// The language of a text, as the Compact Language Detector 2 reads it.
//
// https://github.com/CLD2Owners/cld2: n-grams of letters against fixed tables. It keeps no state, so that a text gets the
// same answer whatever was asked before, on any thread.
#pragma once

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

// What the detector says of a text.
typedef struct {
  char code[16];    // its code of the language such as "en", "iw", "zh-Hant"; "un" where it names none
  int percent;      // the share of the letters that is in this language
  int letters;      // bytes of letters that were looked at, a blank for each gap included
  bool is_reliable; // the language is clearly likelier than the next
} elmond_language_guess;

// The language of `count` bytes of UTF-8 without markup; invalid UTF-8 gets "un".
elmond_language_guess elmond_guess_language(const char *bytes, int count);

#ifdef __cplusplus
}
#endif
