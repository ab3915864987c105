"""Bytes ↔ nouns: workbooks, CSV folders, JSON, plan files, benchmark instances, time logs. No file is opened here."""
