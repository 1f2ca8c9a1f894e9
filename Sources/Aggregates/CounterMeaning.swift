/// What the counters count, one sentence each: the text of `elmond query counters`, the view and `docs/Numbers.md`.
package enum CounterMeaning {
  /// A counter and its meaning, in the order in which a tweet meets them.
  package static let all: [(name: String, meaning: String)] = [
    ("records", "data that was read: documents, rows, lines, events; not headers and heartbeats"),
    ("blank", "records without anything in them"),
    ("heartbeats", "empty lines and comments by which a live stream shows that it is alive"),
    ("notices", "messages of the platform that are not tweets, deletes among them"),
    ("undecodable", "records and elements of pages that gave no tweet although they should have"),
    ("refused_files", "files that hold no tweets and were not read"),
    ("file_rows_dropped", "rows of `elmond query files` that went because there were too many"),
    ("unreadable_files", "files that could not be read to their end"),
    ("replaced_bytes", "bytes that do not belong to the encoding of their file and were replaced"),
    ("shed", "posts that were dropped before decoding because they came too fast"),
    ("decoded", "tweets that were read out of records"),
    ("tweets", "new tweets that were counted into the aggregates"),
    ("corrected", "edits that replaced a counted version"),
    ("duplicates", "tweets that were counted already or were deleted before they came"),
    ("late_dropped", "tweets older than what is kept; they are not counted"),
    ("untimed", "tweets whose time was not understood; they are not counted"),
    ("language_dropped", "tweets in a language that the settings leave out; they are not counted"),
    ("dropped", "tweets that were left out for another reason"),
    ("deleted", "counted tweets that a delete took out of the aggregates again"),
    ("forgotten", "counted tweets that `elmond forget` took out of the aggregates again"),
    ("pruned", "counted tweets whose buckets were removed for their age"),
    ("uncorrectable", "deletes of tweets that are not remembered"),
    ("undecided", "counted tweets without a label: no_words and other_language"),
    ("no_words", "counted tweets without a word that the model reads"),
    ("other_language", "counted tweets that were not scored because of their language"),
    ("arrival_timed", "counted tweets without a time; they count at their arrival"),
    ("clock_skew", "counted tweets with a time in the future; they count at their arrival"),
    ("truncated", "counted tweets that were longer than the model reads"),
    ("topics_dropped", "rows of topics that were left out because there are too many topics"),
    ("reconnects", "connections of a live source after its first"),
    ("disconnects", "connections that the server or the network ended"),
    ("stalls", "connections that were given up because nothing came"),
    ("refusals", "connections that the server refused"),
  ]

  /// What a counter counts; nil for a counter of another version.
  package static func of(_ name: String) -> String? {
    all.first { $0.name == name }?.meaning
  }
}
