#include "elmond_language.h"

#include <cstdio>   // compact_lang_det.h uses FILE and does not include it.
#include <cstring>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

elmond_language_guess elmond_guess_language(const char *bytes, int count) {
  CLD2::Language languages[3];
  int percents[3];
  double scores[3];
  int letters = 0;
  bool is_reliable = false;
  int valid_bytes = 0;
  CLD2::CLDHints hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language language = CLD2::ExtDetectLanguageSummaryCheckUTF8(
      bytes, count, true, &hints, 0, languages, percents, scores, nullptr, &letters, &is_reliable,
      &valid_bytes);
  elmond_language_guess guess = {};
  std::strncpy(guess.code, CLD2::LanguageCode(language), sizeof guess.code - 1);
  guess.percent = percents[0];
  guess.letters = letters;
  guess.is_reliable = is_reliable;
  return guess;
}
