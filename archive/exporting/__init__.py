"""What leaves the archive for others: tables as CSV and Parquet, the originals as WACZ, all of it as one bundle.

Whatever is written from the same captures is the same to the byte: no clock, no random name, no order left to chance.
"""
