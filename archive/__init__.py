"""From captured bytes to the published archive. Imports nothing of the crawler."""
