#pragma once
#include <archive.h>
#include <archive_entry.h>

// Macros with a cast, which Swift does not import.

static inline int elmond_archive_is_file(struct archive_entry *entry) { return archive_entry_filetype(entry) == AE_IFREG; }

static inline int elmond_archive_is_folder(struct archive_entry *entry) { return archive_entry_filetype(entry) == AE_IFDIR; }
