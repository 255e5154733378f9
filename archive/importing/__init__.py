"""Takes in what others saved: files by hand or mail, whole crawls as WARC or WACZ; with where they come from.

They become captures of our own (method `IMPORTED`), go through the same readers, and never speak for a report the
portal itself served us.
"""

from archive.importing.taking_in import ImportedError, Origin, Taken, TakingIn, files_in

__all__ = ["ImportedError", "Origin", "Taken", "TakingIn", "files_in"]
