"""The judgement: site, demands, engine, verdicts, reports and the command line."""
