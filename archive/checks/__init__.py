"""Whether the numbers of a report add up: each rule a small named function."""
