"""What came of a call, against its goal, and the question that brings it."""

# For others: answers_in_words, command, debrief, feedback, feedback_service, filled_form,
# follow_up, follow_up_service, follow_up_table, form, handed_on, replies_table, reply,
# service, table.
