"""The form after a call, its tap and its sharing."""

# For others: command, drawing, follow_up, follow_up_drawing, handing_on.
