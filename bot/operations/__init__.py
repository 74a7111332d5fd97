"""What the operator types: import, posts, tip, export, backup, doctor."""
