"""Kill what runs, at random moments, under load; then prove that nothing is lost and nothing counts twice."""
