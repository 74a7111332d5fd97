"""What time it is, here and where the rep is."""

# For others: calendar_words, local_time, now, timer, told_zone, typed_clock, typed_day,
# typed_span, working_hours.
