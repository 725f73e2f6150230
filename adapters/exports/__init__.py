"""Exports of customers' data: written as files, kept as one archive, fetched with a code."""
