#!/usr/bin/env python3
"""Writes the fixtures beside it. All tweets are made up; the malformed files break as real archives do."""
import json
import pathlib

here = pathlib.Path(__file__).parent
EPOCH = 1288834974657


def snowflake(ms):
    return (ms - EPOCH) << 22


ID = snowflake(1700000000000)  # 2023-11-14T22:13:20Z


def write(name, *records, raw=False):
    path = here / name
    path.parent.mkdir(exist_ok=True)
    lines = [r if isinstance(r, (str, bytes)) else json.dumps(r, ensure_ascii=False) for r in records]
    data = b"".join((l if isinstance(l, bytes) else l.encode()) + (b"" if raw else b"\n") for l in lines)
    path.write_bytes(data)


def v1(n, text, **more):
    return {"created_at": "Tue Nov 14 22:13:20 +0000 2023", "id": ID + n, "id_str": str(ID + n),
            "text": text, "user": {"id": 7, "id_str": "7", "text": "not this"}, "lang": "en", **more}


def v2(n, text, **more):
    return {"id": str(ID + n), "text": text, "author_id": "7", "created_at": "2023-11-14T22:13:20.000Z",
            "lang": "en", "edit_history_tweet_ids": [str(ID + n)], **more}


long = "The long form of a post, which the short field cuts off in its middle because it was made for 140 characters only"

write("good/v1_tweets.jsonl",
      v1(1, "Ham &amp; eggs"),
      v1(2, "The long form\u2026", truncated=True, extended_tweet={"full_text": long}, timestamp_ms="1700000000123"),
      {**v1(3, ""), "text": None, "full_text": "Extended mode"},
      v1(4, "RT @a: The long\u2026", retweeted_status=v1(1, "The long\u2026", lang="de", extended_tweet={"full_text": long}),
         created_at="Tue Nov 14 22:13:21 +0000 2023"),
      v1(5, "Look at this", is_quote_status=True, quoted_status=v1(1, "the quoted words")),
      {"id": 11858561004, "text": "from 2010", "created_at": "Fri Apr 09 02:41:12 +0000 2010"},
      json.dumps(v1(7, "\u00e9 \U0001F602 a/b")).replace("/", "\\/"),
      {"id": 11858561005, "text": "no time at all", "user": {}},
      {"id_str": str(ID), "text": "time from the id only"},
      v1(10, ""))
write("good/v1_notices.jsonl",
      {"delete": {"status": {"id": 1234, "id_str": "1234", "user_id": 3, "user_id_str": "3"}, "timestamp_ms": "1467998788211"}},
      {"limit": {"track": 22, "timestamp_ms": "1477757470194"}},
      {"scrub_geo": {"user_id": 1, "up_to_status_id": 2}},
      {"status_withheld": {"id": 1, "user_id": 2, "withheld_in_countries": ["XX"]}},
      {"user_withheld": {"id": 1, "withheld_in_countries": ["XX"]}},
      {"disconnect": {"code": 4, "stream_name": "x", "reason": "stall"}},
      {"warning": {"code": "FALLING_BEHIND", "percent_full": 60}})
write("good/v2_stream.jsonl",
      {"data": v2(1, "A post &lt;3"), "matching_rules": [{"id": "1", "tag": "brand-a"}, {"id": "2", "tag": "brand-b"}]},
      {"data": v2(2, "The long\u2026", note_tweet={"text": long}), "matching_rules": [{"id": 1, "tag": None}]},
      {"data": v2(3, "RT @a: The long\u2026", referenced_tweets=[{"type": "retweeted", "id": str(ID + 2)}]),
       "includes": {"users": [{"id": "7", "username": "a"}], "tweets": [v2(1, "other"), v2(2, "The long\u2026", note_tweet={"text": long})]}},
      {"data": v2(4, "RT @a: gone\u2026", referenced_tweets=[{"type": "retweeted", "id": "5"}]), "includes": {"tweets": []}},
      {"data": {"id": str(ID + 5), "text": "defaults only", "edit_history_tweet_ids": [str(ID + 4), str(ID + 5)]}},
      {"data": v2(6, "with errors"), "errors": [{"title": "Not Found Error", "type": "x/problems/resource-not-found"}]},
      {"errors": [{"title": "operational-disconnect", "disconnect_type": "UpstreamOperationalDisconnect", "type": "x"}]},
      {"errors": [{"title": "Not Found Error"}]},
      {"title": "ConnectionException", "connection_issue": "TooManyConnections", "type": "https://x/problems/streaming-connection"})
write("good/v2_page.jsonl",
      {"data": [v2(1, "one"), v2(2, "RT @b: two\u2026", referenced_tweets=[{"type": "retweeted", "id": "9"}]),
                v2(3, "three", referenced_tweets=[{"type": "quoted", "id": "9"}])],
       "includes": {"tweets": [v2(0, "two in full", id="9")]}, "meta": {"result_count": 3}, "__twarc": {"version": "2.0"}},
      {"data": [], "meta": {"result_count": 0}}, {"meta": {"result_count": 0}})
write("good/v2_flattened.jsonl",
      {**v2(1, "flat"), "author": {"id": "7", "username": "a"}, "__twarc": {}},
      {**v2(2, "RT @a: flat and\u2026"), "author": {}, "matching_rules": [{"id": "1", "tag": "t"}],
       "referenced_tweets": [{"type": "retweeted", **v2(1, "flat and long"), "author": {}}]},
      {**v2(3, "an answer"), "author": {}, "referenced_tweets": [{"type": "replied_to", **v2(1, "not this")}]})
write("good/scraper.jsonl",
      {"_type": "snscrape.modules.twitter.Tweet", "url": "https://x/1", "date": "2023-11-14T22:13:20+00:00",
       "rawContent": "raw words", "renderedContent": "rendered", "id": ID + 1, "lang": "en"},
      {"_type": "snscrape.modules.twitter.Tweet", "url": "https://x/2", "date": "2023-11-14T22:13:20+00:00",
       "content": "older words", "renderedContent": "rendered", "id": ID + 2, "quotedTweet": {"rawContent": "not this"}},
      {"_type": "snscrape.modules.twitter.Tweet", "url": "https://x/3", "date": "2023-11-14T22:13:20+00:00",
       "rawContent": "RT @a: cut\u2026", "id": ID + 3, "retweetedTweet": {"rawContent": "cut no more", "id": 5}},
      {"_type": "snscrape.modules.twitter.Tweet", "url": "https://x/4", "date": "2023-11-14T22:13:20+00:00",
       "renderedContent": "only rendered", "id": ID + 4})
write("good/account_export.jsonl",
      {"tweet": {"id": str(ID + 1), "id_str": str(ID + 1), "full_text": "mine", "created_at": "Tue Nov 14 22:13:20 +0000 2023", "lang": "en",
                 "edit_info": {"initial": {"editTweetIds": [str(ID + 1)]}}}},
      {"tweet": {"id_str": str(ID + 2), "full_text": "mine, edited", "edit_info": {"edit": {"initialTweetId": str(ID + 1)}}}},
      {"id_str": str(ID + 3), "full_text": "bare", "created_at": "Tue Nov 14 22:13:20 +0000 2023"})
write("good/v1_search.json", json.dumps({"statuses": [v1(1, "a"), v1(2, "b")], "search_metadata": {"count": 2}}, indent=1))
write("good/v1_array.json", json.dumps([v1(1, "a"), v1(2, "b"), v1(3, "c")], indent=2))
write("good/plain.txt", "a tweet a line", "with &amp; entity", "  ", "{not json}")
write("good/tweets.csv", "id,text,tweet_created,tweet_id,lang,subject",
      f'1,"quoted, with ""marks"" &amp; comma",2015-08-07 09:54:46 -0700,{ID},en,health',
      "2,plain,1438966486,629697199560069120,,",
      raw=False)

write("malformed/v2_cut_last_line.jsonl", {"data": v2(1, "one")}, {"data": v2(2, "two")}, '{"data": {"author_id": "102115')
write("malformed/v2_compliance_after_blank.jsonl", "",
      {"id": "1170025343920402432", "action": "delete", "created_at": "2019-09-06T17:25:54.667Z", "reason": "protected"},
      {"id": "1170147183095664640", "action": "delete", "created_at": "2019-09-07T01:30:03.390Z", "redacted_at": "2021-08-17T17:26:15.788Z", "reason": "deactivated"})
write("malformed/v1_caption_between.json", json.dumps(v1(1, "before"), indent=2), "", "A caption between objects", "", json.dumps(v1(2, "after"), indent=2))
write("malformed/v2_errors_mixed.jsonl",
      {"data": [v2(1, "one"), {"id": "5", "created_at": "2023-11-14T22:13:20.000Z", "withheld": {}}, 7, v2(2, "two")],
       "errors": [{"value": "1", "title": "Not Found Error", "type": "x/problems/resource-not-found"}]},
      {"errors": [{"title": "Forbidden"}], "data": v2(3, "three")},
      {"errors": [{"title": "Forbidden"}], "data": None})
write("malformed/zero_bytes.json", raw=True)
write("malformed/v2_counts_only.jsonl",
      {"data": [{"end": "2021-10-16T19:00:00.000Z", "start": "2021-10-16T18:21:34.000Z", "tweet_count": 3961}], "meta": {"total_tweet_count": 3961}, "__twarc": {}})
write("malformed/v2_edits.jsonl",
      {"data": [v2(2, "the first form", edit_history_tweet_ids=[str(ID + 2), str(ID + 3)])]},
      {"data": [v2(3, "the second form", edit_history_tweet_ids=[str(ID + 2), str(ID + 3)])]})
write("malformed/v1_deletes_of_2010.jsonl",
      {"delete": {"status": {"id": 11858115800, "user_id": 42143279}}},
      {"text": "a tweet without id_str and lang", "id": 11858561004, "created_at": "Fri Apr 09 02:41:12 +0000 2010"},
      {"delete": {"status": {"id": 11787355202, "user_id": 122270763}}})
write("malformed/spoiled_ids.csv", "tweet_id,text", "6.29697E+17,one", "6.29697E+17,two", "629697199560069120,three", "629697199560069121,four,too many", '1,"never closed')
write("malformed/lone_surrogates.jsonl", '{"id_str":"%d","text":"cut emoji \\ud83d"}' % ID, '{"id_str":"%d","text":"\\ude02 and back \\ud83d\\ude02"}' % (ID + 1))
write("malformed/invalid_utf8.jsonl", b'{"id_str":"%d","text":"caf\xe9"}' % ID, b'{"id_str":"%d","text":"cut \xe2\x82"}' % (ID + 1))
write("malformed/nul_and_control.jsonl", b'{"id_str":"%d","text":"a\\u0000b\x00c"}' % ID, b'{"id_str":"%d","text":"a\x01b"}' % (ID + 1))
write("malformed/unrelated_objects.jsonl", {"hello": "world"}, [1, 2], "17", '"text"', {"id": "1", "name": "n", "username": "u", "created_at": "x"}, {"delete": 5}, "[]", "{}")
write("malformed/broken_grammar.jsonl", '{"text":"a",}', '{"text":"a"} trailing', "{'text':'a'}", '{"text":"a"', '{"text":NaN}',
      "[" * 70 + "]" * 70, '{"id_str":"1","text":"no","text":"last wins"}')
