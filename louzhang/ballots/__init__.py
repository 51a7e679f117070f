"""票箱: sealed ballots and star sheets that nobody can join to a person."""
