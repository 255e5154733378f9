"""The Scrapy project: gets bytes, understands portals, knows nothing of what a report says."""
