"""Commands and answers as people paste or log them: what an ASA or an FTD said when it was asked."""
