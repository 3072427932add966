"""Vendors that have no engine here, judged by the kernel: their rules, translated as naively as can be.

A policy is made as plain data. One module writes it in the vendor's words, another one, which shares no code
with the first or with the product, as rules of nftables.
"""
