"""The letters that a case writes: drafts, releases, digests and notices in the reader's language."""
