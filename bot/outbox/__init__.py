"""What is said once: planned, claimed, said or looked up, and when to speak is polite."""

# Others may import: hours_table kind manners message service table
