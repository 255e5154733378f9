"""The content systems' listings and articles: bytes in, plain values out. No network, no clock, no Scrapy."""
