"""The coach. It knows no Slack: `handlers/` is Slack's side.

A room imports from lower floors alone, and rooms on one floor don't know each other
(`.importlinter` states it, `make lint` holds it). From the street down:

    11  __main__     the door to the street: reads the command line, and opens `handlers`
    10  operations   what the operator types: import, remove, posts, tip, export, doctor …
     9  coach        opens everything once, and hands each service what it works with
     8  meetings     a meeting of a calendar becomes a call: offered, started, followed
     7  huddles      a call made ready: the card, its items, people and parts
     7  records      what is kept about a rep: to read, to take along, to have forgotten
     6  calendars    what a rep's calendar says, and what of it is with customers
     6  daily_tips   a tip a day in a channel: its time and its days
     6  debriefs     what came of a call, against its goal, and the question that brings it
     6  questions    a question in plain words: kept, and answered once
     5  imports      what a manager drops, and the feeds they follow
     5  outbox       what is said once: planned, claimed, said or looked up, and when
     5  tips         one lesson and the sentence that it rests on; which one is next
     4  archives     a file of posts, whatever it is, becomes posts
     4  audit        who did what to the coach, in codes and counts
     4  calls        a conversation with a customer, and every change of it
     4  inbox        what was received, kept until it has been handled
     4  search       one score for a post: the order, and whether it is an answer
     4  writing      what a model wrote, and which of it stands on its quote
     3  library      each post as its card, its original, or both
     3  model        the only door to a model: in time, within budget, or nothing
     3  people       who asks, what is known of them, and where the coach can't speak
     2  clock        what time it is, here and where the rep is
     2  fetching     one guarded way to what stands on the web
     2  files        files that a manager may edit, read strictly
     2  settings     read once from the environment
     2  storage      one SQLite file: one writer, and a reader for each thread
     1  errors       what can go wrong, in words that a person can read
     1  text         words, sentences and stems: how two texts are compared
"""
