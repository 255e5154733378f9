"""The rates researchers derive from the cells of a report: defined as data, worked out exactly."""
