"""What came of a call, against its goal, and the question that brings it."""
